import { expect, test } from "vitest";
import { joinFeatures } from "./join-features.js";

test("features stand side by side in each row", () => {
  const bytes = { data: Uint8Array.of(1, 2, 3, 4), shape: [2, 2] };
  expect(joinFeatures(bytes, [0.5, 1.5], [[7], [8]])).toEqual({
    data: Float32Array.of(1, 2, 0.5, 7, 3, 4, 1.5, 8),
    shape: [2, 4],
  });
});

test("parts with other rows are an error", () => {
  expect(() => joinFeatures([1, 2], [[1], [2], [3]])).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [joinFeatures] expected rows of features, equally many in each part, received [2] and [3, 1].]`,
  );
  expect(() => joinFeatures({ data: new Float32Array(8), shape: [2, 2, 2] })).toThrow("[joinFeatures]");
});

test("features that are no numbers are refused with their place; NaN may wait to be filled in", () => {
  const missing = [
    [3, 4],
    [5, null],
  ] as never;
  expect(() => joinFeatures([[1], [2]], missing)).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [joinFeatures] expected a number in row 1, column 1, received null. Where one is missing, fill it in, leave the row out, or write NaN to do so later.]`,
  );
  expect(() => joinFeatures(["1", "2"] as never)).toThrow('a number in row 0, column 0, received "1".');
  expect([...joinFeatures([[1, Number.NaN]], [true] as never).data]).toEqual([1, Number.NaN, 1]);
});
