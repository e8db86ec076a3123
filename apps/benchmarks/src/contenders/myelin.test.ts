import { expect, test } from "vitest";
import type { Prepare } from "../contender.js";
import { makeTask } from "../task.js";
import { selectWorkloads } from "../workloads.js";
import { prepare as prepareConvnet } from "./convnet-js.js";
import { prepare } from "./myelin.js";

async function proof(make: Prepare, name: string): Promise<number> {
  const [workload] = selectWorkloads([name]);
  const prepared = await make(makeTask(workload!));
  if (prepared.prove !== undefined) await prepared.prove();
  else await prepared.step(1);
  return prepared.proof();
}

test.each(["W1", "W2", "W9"])("%s: the compiled steps lead to the loss of the interpreter", async (name) => {
  const [compiled, defined] = [
    await proof(prepare({ threads: 1 }), name),
    await proof(prepare("interpreter"), name),
  ];
  expect(Math.abs(compiled / defined - 1)).toBeLessThan(1e-5);
});

test("W6: predictions are those of another library", async () => {
  const [own, other] = [await proof(prepare({ threads: 1 }), "W6-1"), await proof(prepareConvnet, "W6-1")];
  expect(Math.abs(own / other - 1)).toBeLessThan(1e-5);
});

test("steps are counted in whole epochs, and the loss goes down", async () => {
  const prepared = await prepare({ threads: 1 })(makeTask(selectWorkloads(["W2"])[0]!));
  await prepared.prove?.();
  const before = prepared.proof();
  expect(await prepared.step(100)).toBe(108);
  expect(prepared.proof()).toBeLessThan(before);
});
