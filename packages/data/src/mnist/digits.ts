import { DataFormatError } from "../data-format-error.js";
import { readIdxBytes } from "../idx.js";
import type { RowArray } from "../rows.js";
import { countSamples, type Samples } from "../samples.js";

/** Images of 28 by 28 bytes and the digits that they show. */
export type MnistDigits = Samples<
  RowArray<Uint8Array, readonly [rows: number, pixels: 784]>,
  RowArray<Uint8Array, readonly [rows: number]>
>;

/** Reads a file of images and its file of labels; both become views, nothing is copied. */
export function digitsFrom(images: Uint8Array, labels: Uint8Array): MnistDigits {
  const { data, shape } = readIdxBytes(images, [-1, 28, 28]);
  const targets = readIdxBytes(labels, [-1]).data;
  const digits: MnistDigits = {
    inputs: { data, shape: [shape[0] as number, 784] },
    targets: { data: targets, shape: [targets.length] },
  };
  countSamples("mnist", digits);
  const wrong = targets.findIndex((label) => label > 9);
  if (wrong < 0) return digits;
  throw new DataFormatError("MNIST", `label ${wrong}`, "digits from 0 to 9", `${targets[wrong]}`);
}
