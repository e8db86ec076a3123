export type MnistPart = "train" | "test";

/** The names under which the four files have been passed around since 1998. */
export const fileNames = {
  train: { images: "train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte" },
  test: { images: "t10k-images-idx3-ubyte", labels: "t10k-labels-idx1-ubyte" },
} as const;
