import { interpreter } from "@myelin/compiler";
import { divide, maximum, multiply, type Optimizer, sqrt, sum, type Tensor } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { explain } from "./explain.js";
import { Model } from "./model.js";
import { descent, fully, momentum, network, squaredError } from "./small-networks.fixture.js";

const WIDTH = 65;
/** 65 x 65 weights are a variable of their own; biases and the second layer are views of the flat vector. */
const layers = () => [fully(WIDTH), fully(2)] as const;
const numbers = (rows: number, width: number, by: number) =>
  Array.from({ length: rows }, (_, row) =>
    Array.from({ length: width }, (_, i) => Math.sin(by * (row * width + i + 1))),
  );
const data = { inputs: numbers(4, WIDTH, 0.7), targets: numbers(4, 2, 1.3) };

function trained(optimizer: Optimizer, steps: number): Readonly<Record<string, Float32Array>> {
  const model = new Model(network([WIDTH], [2], ...layers()), { seed: 1, backend: interpreter });
  model.fitSync(data, { loss: squaredError, optimizer, batchSize: 4, epochs: steps });
  return model.parameters;
}

/** The same in 64-bit arithmetic, with gradients written by hand. */
function expected(rate: number, steps: number, decay = 0, norm = Infinity): Record<string, number[]> {
  const model = new Model(network([WIDTH], [2], ...layers()), { seed: 1, backend: interpreter });
  const values = Object.fromEntries(
    Object.entries(model.parameters).map(([path, array]) => [path, [...array]]),
  ) as Record<string, number[]>;
  const [w1, b1, w2, b2] = Object.values(values) as [number[], number[], number[], number[]];
  const velocities = Object.values(values).map((value) => value.map(() => 0));
  const at = (array: readonly number[], i: number) => array[i] as number;
  for (let step = 0; step < steps; step++) {
    const gradients = Object.values(values).map((value) => value.map(() => 0));
    const [g1, c1, g2, c2] = gradients as [number[], number[], number[], number[]];
    data.inputs.forEach((x, row) => {
      const hidden = b1.map((bias, j) =>
        x.reduce((total, xi, i) => total + xi * at(w1, i * WIDTH + j), bias),
      );
      const error = b2.map(
        (bias, k) =>
          (hidden.reduce((total, h, j) => total + h * at(w2, j * 2 + k), bias) -
            at(data.targets[row] as number[], k)) /
          4,
      );
      error.forEach((e, k) => {
        c2[k] = at(c2, k) + e;
        hidden.forEach((h, j) => {
          g2[j * 2 + k] = at(g2, j * 2 + k) + h * e;
        });
      });
      hidden.forEach((_, j) => {
        const e = error.reduce((total, each, k) => total + each * at(w2, j * 2 + k), 0);
        c1[j] = at(c1, j) + e;
        x.forEach((xi, i) => {
          g1[i * WIDTH + j] = at(g1, i * WIDTH + j) + xi * e;
        });
      });
    });
    const length = Math.sqrt(gradients.flat().reduce((total, g) => total + g * g, 0));
    const factor = Math.min(1, norm / length);
    Object.values(values).forEach((value, p) => {
      const velocity = velocities[p] as number[];
      value.forEach((_, i) => {
        velocity[i] = decay * at(velocity, i) + factor * at(gradients[p] as number[], i);
        value[i] = at(value, i) - rate * at(velocity, i);
      });
    });
  }
  return values;
}

function expectClose(
  received: Readonly<Record<string, Float32Array>>,
  wanted: Record<string, number[]>,
): void {
  expect(Object.keys(received)).toEqual(Object.keys(wanted));
  for (const [path, values] of Object.entries(received)) {
    const differences = [...values].map((value, i) => Math.abs(value - (wanted[path]?.[i] as number)));
    expect(Math.max(...differences), path).toBeLessThan(2e-5);
  }
}

/** All gradients together get at most this length. */
const byGlobalNorm = (norm: number): NonNullable<Optimizer["clipping"]> => ({
  config: { kind: "byGlobalNorm" },
  apply: (gradients: readonly Tensor[]) => {
    const length = sqrt(gradients.map((each) => sum(each.square())).reduce((a, b) => a.add(b) as Tensor));
    const factor = divide(norm, maximum(length, norm));
    return gradients.map((each) => multiply(each, factor));
  },
});

describe("a network of large and small parameters", () => {
  it("is updated as by hand", () => {
    expectClose(trained(descent(0.002), 5), expected(0.002, 5));
  });

  it("has slots for both", () => {
    expectClose(trained(momentum(0.003), 5), expected(0.003, 5, 0.9));
  });

  it("clips by the norm of all gradients", () => {
    expectClose(trained(descent(0.01, byGlobalNorm(0.5)), 5), expected(0.01, 5, 0, 0.5));
  });

  it("updates a large parameter where its gradient is computed", () => {
    const text = explain(network([WIDTH], [2], ...layers()), data, {
      loss: squaredError,
      optimizer: momentum(0.1),
      batchSize: 4,
    });
    const [, kernel = ""] = text.split(`contraction [${WIDTH}, ${WIDTH}]\n`);
    const [body = ""] = kernel.split("\nkernel ");
    expect(body).toContain("multiply");
    expect(body.match(/^ {2}b\d+\[/gm)).toHaveLength(2); // The velocity, and the parameter.
  });
});

it("refuses scalars that follow from gradients, because they are shared by all parameters", () => {
  const rule = momentum(0.1);
  const optimizer: Optimizer = {
    ...rule,
    update: (current) => ({ ...rule.update(current), scalars: { count: sum(current.gradients) } }),
  };
  expect(() => trained(optimizer, 1)).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: [fit] expected an optimizer whose scalars follow from scalars and the learning rate, received other scalars.]`,
  );
});
