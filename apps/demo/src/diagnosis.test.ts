import { expect, test } from "vitest";
import { diagnose, explainDivergence } from "./diagnosis.js";
import { History } from "./history.js";
import type { Measurement } from "./protocol.js";
import { defaults, type Settings } from "./settings.js";

function after(
  epochs: number,
  at: (epoch: number) => Partial<Measurement>,
  settings: Partial<Settings> = {},
) {
  const history = new History();
  for (let epoch = 0; epoch <= epochs; epoch++)
    history.add({ epoch, loss: 0.7, testLoss: 0.7, accuracy: 0.5, testAccuracy: 0.5, ...at(epoch) });
  return diagnose(history, { ...defaults, ...settings });
}

const stuck = { loss: 0.69, testLoss: 0.69 };

test("nothing is said before there is something to say", () => {
  expect(diagnose(new History(), defaults)).toBeUndefined();
  expect(after(0, () => stuck)).toBeUndefined();
  expect(after(20, () => stuck)).toBeUndefined();
});

test("a network that has learned", () => {
  const said = after(30, () => ({ loss: 0.02, testLoss: 0.03, accuracy: 1, testAccuracy: 0.99 }));
  expect(said).toEqual({ tone: "good", text: "Learned: 99 % of the points that it never saw are right." });
});

test("one that gets better is left alone", () => {
  expect(after(200, (epoch) => ({ loss: 0.7 - epoch / 1000, testLoss: 0.7 - epoch / 1000 }))).toBeUndefined();
});

test.each<[string, Partial<Settings>, RegExp]>([
  ["the step function", { activation: "step" }, /derivative is 0/],
  ["no hidden layer", { hidden: [] }, /straight line. Add a layer/],
  ["the identity", { activation: "identity" }, /one straight line/],
  ["a small rate", { learningRate: 0.0001 }, /larger learning rate/],
  ["a large rate", { learningRate: 10 }, /smaller learning rate/],
  ["a narrow layer", { hidden: [8, 1] }, /Add nodes/],
  ["bad luck", {}, /another seed/],
])("one that does not learn, because of %s", (_, settings, reason) => {
  const said = after(200, () => stuck, settings);
  expect(said?.tone).toBe("warning");
  expect(said?.text).toMatch(/^It does not learn: it is no better than guessing/);
  expect(said?.text).toMatch(reason);
});

test("one that is stuck half-way", () => {
  expect(after(200, () => ({ loss: 0.3, testLoss: 0.3, accuracy: 0.85, testAccuracy: 0.84 }))?.text).toMatch(
    /^It is stuck at 85 %/,
  );
});

test("one that learns by heart", () => {
  const at = (epoch: number) => ({
    loss: 0.5 / (1 + epoch / 20),
    testLoss: 0.4 + epoch / 200,
    accuracy: 0.95,
  });
  expect(after(300, at)?.text).toMatch(/^It learns by heart/);
});

test("one whose loss jumps", () => {
  expect(after(200, (epoch) => ({ loss: epoch % 2 === 0 ? 0.3 : 1.2 }))?.text).toMatch(/^The loss jumps/);
});

test("one that diverged", () => {
  const { tone, text } = explainDivergence(12, { ...defaults, learningRate: 3 });
  expect(tone).toBe("warning");
  expect(text).toMatch(/blew up in epoch 12.*below 3\.$/);
});
