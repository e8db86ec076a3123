import { expect, test } from "vitest";
import type { EmittedFunction } from "../kernels/index.js";
import { type Part, phasesOf, type Touch } from "./phases.js";

const reads = (start: number, end = start + 10): Touch => ({ start, end, writes: false });
const writes = (start: number, end = start + 10): Touch => ({ start, end, writes: true });
const part = (split: boolean, ...touches: Touch[]): Part => ({
  emitted: {} as EmittedFunction,
  split,
  touches,
});
const cuts = (...parts: Part[]) => phasesOf(parts).map(({ length }) => length);

test("threads wait between a writer and a reader, a reader and a writer, and two writers", () => {
  for (const [first, then] of [
    [writes(0), reads(9)],
    [reads(0), writes(9)],
    [writes(9), writes(0)],
  ] as const) {
    expect(cuts(part(true, first), part(true, then))).toEqual([1, 1]);
    expect(cuts(part(true, first), part(false, then))).toEqual([1, 1]);
    expect(cuts(part(false, first), part(true, then))).toEqual([1, 1]);
    expect(cuts(part(true, first), part(false, reads(90)), part(true, then))).toEqual([2, 1]);
  }
});

test("they do not wait where nothing is handed over, or where one thread does both", () => {
  expect(cuts(part(true, reads(0), writes(20)), part(true, reads(5), writes(30)))).toEqual([2]);
  expect(cuts(part(true, writes(0)), part(true, writes(10)))).toEqual([2]);
  expect(cuts(part(false, writes(0)), part(false, reads(0)), part(false, writes(0)))).toEqual([3]);
});

test("once they have waited, what came before does not count", () => {
  const [first, second] = [part(true, writes(0)), part(true, reads(0), writes(20))];
  expect(cuts(first, second, part(true, reads(0), writes(40)))).toEqual([1, 2]);
  expect(cuts(first, second, part(true, writes(0)))).toEqual([1, 1, 1]);
});
