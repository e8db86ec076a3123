import { expect } from "vitest";

export interface Tolerance {
  /** Allowed difference, relative to the expected value. Default 1e-6, some 8 units in the last place of float32. */
  readonly relative?: number;
  /** Allowed difference beside that. Default 1e-6. */
  readonly absolute?: number;
}

/** Fails unless all numbers are close and NaN and infinities are in the same places. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative = 1e-6, absolute = 1e-6 }: Tolerance = {},
): void {
  expect(actual.length).toBe(expected.length);
  const wrong = Array.from(expected, (value, i) => ({
    i,
    expected: value,
    actual: actual[i] as number,
  })).filter((pair) => !isClose(pair.actual, pair.expected, relative, absolute));
  expect(wrong).toEqual([]);
}

function isClose(actual: number, expected: number, relative: number, absolute: number): boolean {
  if (!Number.isFinite(expected) || !Number.isFinite(actual)) return Object.is(actual, expected);
  return Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
}
