import { expect, test } from "vitest";
import { batches } from "./batches.js";

const samples = { inputs: Float64Array.from({ length: 10 }, (_, row) => row), targets: [..."abcdefghij"] };

test("the last batch takes what remains", () => {
  const all = batches(samples, { size: 4, shuffle: false });
  expect(all.length).toBe(3);
  expect([...all].map(({ inputs }) => [...inputs])).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9],
  ]);
  expect([...all].at(-1)?.targets).toEqual(["i", "j"]);
});

test("the last batch can be left out", () => {
  const full = batches(samples, { size: 4, dropLast: true });
  expect(full.length).toBe(2);
  expect([...full].map(({ targets }) => targets.length)).toEqual([4, 4]);
});

test("every pass has all rows in an order of its own, and seeds repeat it", () => {
  const pass = (value: Iterable<typeof samples>) => [...value].flatMap(({ inputs }) => [...inputs]);
  const first = batches(samples, { size: 3, seed: 1 });
  const second = batches(samples, { size: 3, seed: 1 });
  const [a, b] = [pass(first), pass(first)];
  expect(a).not.toEqual(b);
  expect(a.toSorted((x, y) => x - y)).toEqual([...samples.inputs]);
  expect([pass(second), pass(second)]).toEqual([a, b]);
  expect(pass(batches(samples, { size: 3, seed: 2 }))).not.toEqual(a);
});

test("passes that overlap do not share an order", () => {
  const value = batches(samples, { size: 5 });
  const [one, two] = [value[Symbol.iterator](), value[Symbol.iterator]()];
  const rows = [one, two, one, two].map((pass) => [...(pass.next().value as typeof samples).inputs]);
  for (const own of [
    [rows[0], rows[2]],
    [rows[1], rows[3]],
  ]) {
    expect(own.flat().toSorted((x, y) => x! - y!)).toEqual([...samples.inputs]);
  }
});

test("for await works as well", async () => {
  const seen: number[] = [];
  for await (const { inputs } of batches(samples, { size: 6, shuffle: false })) seen.push(inputs.length);
  expect(seen).toEqual([6, 4]);
});

test("a size that is not a count is an error", () => {
  expect(() => batches(samples, { size: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [batches] expected a whole \`size\` of at least 1, received 0.]`,
  );
});
