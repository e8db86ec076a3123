import { expect, test } from "vitest";
import { readArguments } from "./arguments.js";
import { contenders, selectContenders } from "./contenders/index.js";
import { selectWorkloads, workloads } from "./workloads.js";

const names = (selected: readonly { readonly name: string }[]) => selected.map(({ name }) => name);

test("a workload is selected by its name, variants by the name that they share", () => {
  expect(names(selectWorkloads(["W3", "W6"]))).toEqual(["W3", "W6-1", "W6-1024"]);
  expect(names(selectWorkloads(["W8-64"]))).toEqual(["W8-64"]);
  expect(selectWorkloads(undefined)).toBe(workloads);
  expect(() => selectWorkloads(["W10"])).toThrow(/no workload W10; there are W1, W2/);
});

test("a peer is selected by its name or by that of its library", () => {
  expect(names(selectContenders(["tfjs"]))).toEqual(["tfjs:wasm", "tfjs:cpu"]);
  expect(names(selectContenders(["tfjs:cpu"]))).toEqual(["tfjs:cpu"]);
  expect(() => selectContenders(["torch", "keras"])).toThrow(/no peer keras/);
});

test("optional ones take part only when named in full", () => {
  expect(names(selectContenders(undefined))).not.toContain("myelin:interpreter");
  expect(names(selectContenders(["myelin"]))).toEqual(["myelin", "myelin:1-thread"]);
  expect(names(selectContenders(["myelin:interpreter"]))).toEqual(["myelin:interpreter"]);
});

test("Myelin supports everything", () => {
  for (const workload of workloads) expect(contenders[0]!.supports(workload)).toBe(true);
});

test("arguments", () => {
  expect(readArguments(["--", "--only", "W3,W4", "--peers", "jax-js", "--rounds", "3"])).toMatchObject({
    only: ["W3", "W4"],
    peers: ["jax-js"],
    rounds: 3,
    ladder: false,
    workloads: true,
  });
  expect(readArguments([])).toMatchObject({ only: undefined, peers: undefined, rounds: 7 });
  expect(readArguments(["--ladder"])).toMatchObject({ ladder: true, workloads: false });
  expect(readArguments(["--write"])).toMatchObject({ ladder: true, accuracy: true, workloads: true });
  expect(() => readArguments(["--rounds", "many"])).toThrow(/wants a whole number, got many/);
  expect(() => readArguments(["--fast"])).toThrow();
});
