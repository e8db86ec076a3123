import { expect, test } from "vitest";
import { activationNames, activations } from "./activations.js";
import { defaults } from "./settings.js";

test("element-wise activations are there, those with options as well", () => {
  expect(activationNames).toEqual(
    expect.arrayContaining(["relu", "sigmoid", "step", "tanh", "leakyRelu", "elu"]),
  );
  expect(activationNames).toContain(defaults.activation);
});

test("what mixes elements or is no activation is not", () => {
  for (const name of ["softmax", "logSoftmax", "defineActivation"]) expect(activations.has(name)).toBe(false);
});

test("each is called what its key says", () => {
  for (const [name, activation] of activations) expect(activation.name).toBe(name);
});
