import { expect, test } from "vitest";
import { beside } from "./beside.js";
import { drawDigit } from "./draw-digit.js";
import { progressBar } from "./progress-bar.js";

test("each braille character is 2 by 4 pixels", () => {
  const ink = (...on: number[]) => Uint8Array.from({ length: 8 }, (_, i) => (on.includes(i) ? 255 : 0));
  expect(drawDigit(ink(), 2)).toEqual(["\u2800"]);
  expect(drawDigit(ink(0, 1, 2, 3, 4, 5, 6, 7), 2)).toEqual(["⣿"]);
  // Pixels row by row; the dots of braille are numbered 1-3 and 7 down the left, 4-6 and 8 down the right.
  const single = Array.from({ length: 8 }, (_, pixel) => drawDigit(ink(pixel), 2)[0]);
  expect(single).toEqual([..."⠁⠈⠂⠐⠄⠠⡀⢀"]);
});

test("pictures may end inside of a character", () => {
  const lines = drawDigit(new Uint8Array(5 * 6).fill(200), 5);
  expect(lines).toEqual(["⣿⣿⡇", "⠛⠛⠃"]);
});

test("ink counts from the threshold on", () => {
  expect(drawDigit(Uint8Array.of(99, 100, 101, 0), 2, 100)).toEqual(["⠊"]);
});

test("blocks stand beside each other as long as there is room", () => {
  const blocks = [["a", "b"], ["c"], ["d", "e", "f"]];
  expect(beside(blocks, 3, 8)).toEqual(["a    c", "b", "d", "e", "f"]);
  expect(beside(blocks, 3, 80)).toEqual(["a    c    d", "b         e", "          f"]);
  expect(beside(blocks, 3, 1)).toHaveLength(6);
  expect(beside([], 3, 80)).toEqual([]);
});

test("a bar grows by eighths and keeps its width", () => {
  expect(progressBar(0, 4)).toBe("░░░░");
  expect(progressBar(1 / 32, 4)).toBe("▏░░░");
  expect(progressBar(0.5, 4)).toBe("██░░");
  expect(progressBar(0.97, 4)).toBe("███▉");
  expect(progressBar(1, 4)).toBe("████");
  expect([progressBar(-1, 4), progressBar(7, 4)]).toEqual(["░░░░", "████"]);
});
