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
