import { expect, test } from "vitest";
import { readOptions, UsageError, wantedAccuracy } from "./options.js";

test("without words there are defaults", () => {
  expect(readOptions([])).toEqual({ epochs: 3, hidden: 128, seed: 1, output: "digits.safetensors" });
});

test("all of them can be set", () => {
  const words = ["--epochs", "1", "--hidden=32", "--seed", "0", "--output", "a b.safetensors"];
  expect(readOptions(words)).toEqual({ epochs: 1, hidden: 32, seed: 0, output: "a b.safetensors" });
  expect(readOptions(["-h"])).toBe("help");
});

test.each([
  [["--epochs", "0"]],
  [["--epochs", "1.5"]],
  [["--hidden", "many"]],
  [["--seed=-1"]],
  [["--seed", "4294967296"]],
  [["--output="]],
  [["--epoch", "2"]],
  [["stray"]],
])("%j is a mistake", (words) => {
  expect(() => readOptions(words)).toThrow(UsageError);
});

test("a mistake says what is wanted", () => {
  expect(() => readOptions(["--epochs", "0"])).toThrowErrorMatchingInlineSnapshot(
    `[UsageError: --epochs needs a whole number from 1 to 2147483647, not "0"]`,
  );
});

test("only runs that can reach 97 % are held to it", () => {
  const defaults = { epochs: 3, hidden: 128, seed: 1, output: "x" };
  expect(wantedAccuracy(defaults)).toBe(0.97);
  expect(wantedAccuracy({ ...defaults, seed: 9, epochs: 10, hidden: 512 })).toBe(0.97);
  expect(wantedAccuracy({ ...defaults, epochs: 2 })).toBeUndefined();
  expect(wantedAccuracy({ ...defaults, hidden: 16 })).toBeUndefined();
});
