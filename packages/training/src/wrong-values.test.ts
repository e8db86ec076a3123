import { interpreter } from "@myelin/compiler";
import type { Tensor } from "@myelin/tensor";
import { expect, it } from "vitest";
import { type FitOptions, Model } from "./index.js";
import { descent, fully, network, squaredError } from "./small-networks.fixture.js";

const data = { inputs: [0, 1, 2], targets: [0, 1, 1] };
const options: FitOptions = { loss: squaredError, optimizer: descent(0.01) };
const make = () => new Model(network([1], [1], fully(1)), { backend: interpreter });
const fit = (some: object, samples: object = data) => {
  const attempt = () => make().fitSync(samples as never, { ...options, ...some });
  expect(attempt).not.toThrow(TypeError);
  return expect(attempt);
};

it("shares are numbers, and switches booleans", () => {
  fit({ validation: { split: "0.3" } }).toThrow('a split that leaves rows on both sides, received "0.3".');
  fit({ shuffle: "no" }).toThrow('[fit] expected a boolean as shuffle, received "no".');
});

it("outputs that are NaN are no class", () => {
  const model = make();
  const large = Object.entries(model.parameters).map(([path, values]) => {
    return [path, Array.from(values, () => (path.endsWith("kernel") ? 3e38 : 0))];
  });
  model.setParameters(Object.fromEntries(large));
  const loss = { ...squaredError, targets: "binary" as const, link: (x: Tensor) => x.subtract(x) };
  expect(model.classify([[1]], { loss: { ...loss, link: (x: Tensor) => x } })).toEqual([1]);
  expect(() => model.classify([[1], [10]], { loss })).toThrow(
    "[classify] expected numbers in row 1, received NaN.",
  );
});
