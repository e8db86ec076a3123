import { compile, type Step } from "@myelin/compiler";
import { add, assign, matmul, parameter, sizeOf, type Tensor, transpose } from "@myelin/tensor";
import { expect, test } from "vitest";
import { runByTurns } from "../testing/run-by-turns.js";
import { convolutionStep, denseStep } from "../testing/training-steps.js";

type Values = ReadonlyMap<Tensor, ArrayLike<number>>;

function check(step: Step, values: Values): void {
  const program = compile(step);
  const alone = runByTurns(program, values, 1);
  for (const threads of [2, 3]) {
    const together = runByTurns(program, values, threads);
    // Millions of numbers: `toEqual` would take seconds.
    const different = together.map((numbers, i) =>
      numbers.findIndex((number, at) => !Object.is(number, alone[i]?.[at])),
    );
    expect(different).toEqual(alone.map(() => -1));
  }
}

function numbers(tensors: readonly Tensor[]): Values {
  return new Map(
    tensors.map((tensor, j) => [
      tensor,
      Float32Array.from({ length: sizeOf(tensor.shape) }, (_, i) => ((i * 7 + j) % 11) - 5),
    ]),
  );
}

/** Products that turn their left operand: its rows lie half a page apart. All do it in one place. */
const gradient = (name: string) => {
  const x = parameter(`${name} x`, [32, 512]);
  const dy = parameter(`${name} dy`, [32, 64]);
  return { leaves: [x, dy], product: matmul(transpose(x), dy) };
};

test("a product waits for everyone that reads what was turned for the product before", () => {
  const [first, second] = [gradient("first"), gradient("second")];
  const outputs = { first: first.product, second: second.product };
  check({ name: "two", outputs, assignments: [] }, numbers([...first.leaves, ...second.leaves]));
});

test("updates in place of several wide layers wait, too", () => {
  const layers = ["first", "second", "third"].map((name) => {
    const { leaves, product } = gradient(name);
    const weights = parameter(`${name} weights`, [512, 64]);
    return { leaves: [...leaves, weights], update: assign(weights, add(weights, product)) };
  });
  const assignments = layers.map(({ update }) => update);
  check({ name: "updates", outputs: {}, assignments }, numbers(layers.flatMap(({ leaves }) => leaves)));
});

test.for([
  ["dense", () => denseStep(14, [23, 37, 19, 5], 14 * 12)],
  ["wide", () => denseStep(32, [512, 512, 64, 5], 64)],
  ["convolution", () => convolutionStep(3, 12, 3 * 12)],
] as const)("a training step of a %s network gives the bits of one thread", ([, network]) => {
  const { step, values } = network();
  const all = new Map(values);
  for (const { inputs } of step.assignments) {
    const variable = inputs[0] as Tensor;
    if (!all.has(variable)) all.set(variable, new Float32Array(sizeOf(variable.shape)));
  }
  check(step, all);
});
