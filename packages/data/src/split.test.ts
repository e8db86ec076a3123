import fc from "fast-check";
import { expect, test } from "vitest";
import { split } from "./split.js";

/** Row r has the input r, so that rows can be followed. */
function numbered(targets: readonly unknown[]) {
  return { inputs: Float64Array.from(targets, (_, row) => row), targets };
}

test("every row is in one part, with its target, whatever the options", () => {
  const anything = fc.record({
    targets: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 60 }),
    test: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    seed: fc.integer(),
    shuffle: fc.boolean(),
    stratify: fc.boolean(),
  });
  fc.assert(
    fc.property(anything, ({ targets, ...options }) => {
      const wanted = Math.round(targets.length * options.test);
      fc.pre(wanted > 0 && wanted < targets.length);
      const parts = split(numbered(targets), options);
      expect(parts.test.inputs.length).toBe(wanted);
      const rows = [...parts.train.inputs, ...parts.test.inputs];
      expect(rows.toSorted((a, b) => a - b)).toEqual(targets.map((_, row) => row));
      expect([...parts.train.targets, ...parts.test.targets]).toEqual(rows.map((row) => targets[row]));
    }),
  );
});

test("stratified parts keep the shares of the classes, give or take one row", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "b", "c"), { minLength: 10, maxLength: 80 }),
      fc.integer(),
      (targets, seed) => {
        const parts = split(numbered(targets), { test: 0.3, seed, stratify: true });
        for (const name of ["a", "b", "c"]) {
          const all = targets.filter((target) => target === name).length;
          const part = parts.test.targets.filter((target) => target === name).length;
          expect(Math.abs(part - (all * parts.test.targets.length) / targets.length)).toBeLessThan(1);
        }
      },
    ),
  );
});

test("rare classes reach both parts", () => {
  const targets = Array.from({ length: 100 }, (_, row) => (row < 90 ? 0 : 1));
  const parts = split(numbered(targets), { test: 0.2, stratify: true });
  expect(parts.test.targets.filter((target) => target === 1)).toHaveLength(2);
  expect(parts.train.targets.filter((target) => target === 1)).toHaveLength(8);
});

test("classes may be rows of numbers", () => {
  const targets = { data: Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 1), shape: [4, 2] };
  const parts = split({ inputs: [0, 1, 2, 3], targets }, { test: 0.5, stratify: true });
  expect([...parts.test.targets.data].sort()).toEqual([0, 0, 1, 1]);
  expect(parts.test.targets.data.slice(0, 2)).not.toEqual(parts.test.targets.data.slice(2));
});

test("one seed gives one split", () => {
  const samples = numbered(Array.from({ length: 50 }, (_, row) => row));
  expect(split(samples, { seed: 4 })).toEqual(split(samples, { seed: 4 }));
  expect(split(samples, { seed: 4 })).not.toEqual(split(samples, { seed: 5 }));
});

test("without a shuffle the last rows are the test set", () => {
  const parts = split(numbered([0, 1, 2, 3, 4]), { test: 0.4, shuffle: false });
  expect([...parts.train.inputs]).toEqual([0, 1, 2]);
  expect([...parts.test.inputs]).toEqual([3, 4]);
  const stratified = split(numbered([0, 0, 0, 0, 1, 1]), { test: 1 / 3, shuffle: false, stratify: true });
  expect([...stratified.test.inputs]).toEqual([3, 5]);
});

test("a part without rows is an error", () => {
  const two = numbered([0, 1]);
  expect(() => split(two, { test: 0.2 })).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [split] expected a share \`test\` that leaves rows on both sides, received 0.2. Of 2 rows, 0 would be test rows.]`,
  );
  for (const share of [0, 1, -0.5, Number.NaN]) expect(() => split(two, { test: share })).toThrow("[split]");
});

test("records by column are parted like the rows that they are", () => {
  const targets = ["a", "b", "a", "b", "a", "b", "a", "b"];
  const options = { test: 0.25, seed: 3, stratify: true };
  const rows = Float64Array.from(targets, (_, row) => row);
  const plain = split({ inputs: rows, targets }, options);
  const columns = split(
    { inputs: { first: rows, second: Array.from(rows, (row) => 2 * row) }, targets },
    options,
  );
  expect(columns.test.targets).toEqual(plain.test.targets);
  for (const part of ["train", "test"] as const) {
    expect(columns[part].inputs.first).toEqual(plain[part].inputs);
    expect(columns[part].inputs.second).toEqual(Array.from(plain[part].inputs, (row) => 2 * row));
  }
  // Targets by column are classes by all of their columns.
  const both = split({ inputs: rows, targets: { kind: targets, one: rows.map(() => 1) } }, options);
  expect(both.test.inputs).toEqual(plain.test.inputs);
});

test("inputs and targets that are passed apart are told what is wanted", () => {
  const apart = split as unknown as (inputs: unknown, targets: unknown) => unknown;
  expect(() => apart([[1], [2]], [0, 1])).toThrow(
    "[split] expected { inputs, targets }, received [[1], [2]].",
  );
});
