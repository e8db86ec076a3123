/**
 * A library that writes to the console surprises its users, so any console call fails the test that made it. A test that
 * expects output says so with `vi.spyOn(console, "warn").mockImplementation(...)`, which takes the place of the guard.
 */
import { afterEach, beforeEach, expect } from "vitest";

const methods = ["debug", "error", "info", "log", "trace", "warn"] as const;
const originals = methods.map((method) => console[method]);
let calls: string[] = [];

beforeEach(() => {
  calls = [];
  for (const method of methods) {
    console[method] = (...parts: unknown[]) => {
      calls.push(`console.${method}(${parts.map(String).join(", ")})`);
    };
  }
});

afterEach(() => {
  for (const [index, method] of methods.entries()) console[method] = originals[index]!;
  expect(calls, "a test must not write to the console").toEqual([]);
});
