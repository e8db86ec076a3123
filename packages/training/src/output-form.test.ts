import { interpreter } from "@myelin/compiler";
import { type Loss, log, sigmoid, softmax, sum, type Tensor } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { Model } from "./index.js";
import { applied, descent, fully, network, softmaxLoss } from "./small-networks.fixture.js";

const onLogits: Loss = { ...softmaxLoss, name: "gap", config: { kind: "gap", fromLogits: true } };
const onProbabilities: Loss = {
  ...onLogits,
  config: { kind: "gap", fromLogits: false },
  perRow: (p, targets) => softmaxLoss.perRow(log(p), targets),
  link: (p) => p,
};
const data = { inputs: [[0], [1]], targets: [0, 1] };
const ending = (activation?: (z: Tensor) => Tensor) =>
  new Model(network([1], [2], fully(3), fully(2, activation)), { backend: interpreter });
const fit = (model: Model, loss: Loss) => model.fitSync(data, { loss, optimizer: descent(0.1) }).status;

describe("the outputs that a loss reads", () => {
  it("are refused when they are logits and not probabilities", () => {
    const message =
      "[fit] expected a network that ends in probabilities for gap, received one that ends in logits. " +
      "Use gap({ fromLogits: true }), or end the network in softmax or sigmoid.";
    expect(() => fit(ending(), onProbabilities)).toThrow(message);
    expect(() =>
      fit(
        ending((z) => z.reshape([-1, 2]) as Tensor),
        onProbabilities,
      ),
    ).toThrow(message);
    expect(() => ending().evaluate(data, { loss: onProbabilities })).toThrow("[evaluate] expected a network");
  });

  it("are refused when they are probabilities and not logits", () => {
    for (const activation of [softmax, sigmoid])
      expect(() => fit(ending(activation as never), onLogits)).toThrow(
        "[fit] expected a network that ends in logits for gap, received one that ends in probabilities. " +
          "Leave the last activation out, or use gap() without fromLogits.",
      );
  });

  it("pass when they fit, or may", () => {
    const half = (z: Tensor) => softmax(z).multiply(0.5).add(0.25);
    for (const activation of [softmax, sigmoid, half] as never[])
      expect(fit(ending(activation), onProbabilities)).toBe("completed");
    expect(fit(ending(), onLogits)).toBe("completed");
    expect(fit(ending(), softmaxLoss)).toBe("completed");
    const mixed = applied("mixed", ({ input }) =>
      input.multiply(input).divide(sum(input.multiply(input)).add(1)),
    );
    const model = new Model(network([1], [2], fully(2), mixed), { backend: interpreter });
    expect(fit(model, onProbabilities)).toBe("completed");
  });
});
