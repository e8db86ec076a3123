import { expect, test } from "vitest";
import { MeasuredPace, steadyPace } from "./pace.js";

/** Lets a program run for some milliseconds of work, a step taking what `cost` says, in calls of `call` steps. */
function work(pace: MeasuredPace, milliseconds: number, call: number, cost: (threads: number) => number) {
  const used = new Map<number, number>();
  for (let time = 0; time < milliseconds; ) {
    for (let left = call; left > 0; ) {
      const { threads } = pace;
      const steps = Math.min(left, pace.steps);
      const took = steps * cost(threads);
      pace.took(steps, took);
      used.set(threads, (used.get(threads) ?? 0) + took);
      left -= steps;
      time += took;
    }
  }
  return used;
}

test("takes the number of threads with which steps are fastest, after a short trial", () => {
  const cost = (threads: number) => ({ 1: 1, 2: 0.6, 4: 0.4, 8: 0.5 })[threads] as number;
  for (const call of [1, 7, 1000]) {
    const pace = new MeasuredPace(8);
    const used = work(pace, 300, call, cost);
    expect(pace.threads).toBe(4);
    expect((used.get(1) ?? 0) + (used.get(2) ?? 0) + (used.get(8) ?? 0)).toBeLessThan(100);
  }
});

test("stays on one thread where more are not clearly faster, and tries again ever more rarely", () => {
  const pace = new MeasuredPace(2);
  const cost = (threads: number) => (threads === 1 ? 0.2 : 0.197);
  const used = work(pace, 20_000, 40, cost);
  expect(pace.threads).toBe(1);
  expect(used.get(2)).toBeGreaterThan(30);
  expect(used.get(2)).toBeLessThan(100);
});

test("goes back to one thread when others take the cores, and returns when they leave", () => {
  const pace = new MeasuredPace(2);
  work(pace, 200, 40, (threads) => 0.2 / threads);
  expect(pace.threads).toBe(2);
  work(pace, 200, 40, (threads) => 0.2 * threads);
  expect(pace.threads).toBe(1);
  work(pace, 5000, 40, (threads) => 0.2 / threads);
  expect(pace.threads).toBe(2);
});

test("does not mind one slow call", () => {
  const pace = new MeasuredPace(2);
  work(pace, 200, 40, (threads) => 0.2 / threads);
  pace.took(40, 100);
  work(pace, 100, 40, (threads) => 0.2 / threads);
  expect(pace.threads).toBe(2);
});

test("a steady pace is one that was asked for", () => {
  const pace = steadyPace(3);
  pace.took(1, 1000);
  expect(pace).toMatchObject({ threads: 3, steps: Number.POSITIVE_INFINITY });
});
