import { expect, it } from "vitest";
import { perceptron } from "./index.js";

const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

it("learns what one line separates, with the corrections that the rule makes by hand", () => {
  const and = perceptron({ inputs: corners, targets: [0, 0, 0, 1] });
  // By hand, from (0, 0 | 0), firing at >= 0: (0 0) -> bias -1; (1 1) -> 1 1 | 0; then again until nothing changes.
  const byHand = { w: [0, 0], b: 0, mistakes: [] as number[] };
  for (let wrong = 1; wrong > 0; byHand.mistakes.push(wrong)) {
    wrong = 0;
    corners.forEach(([x, y], row) => {
      const output = byHand.w[0]! * x! + byHand.w[1]! * y! + byHand.b >= 0 ? 1 : 0;
      const error = (row === 3 ? 1 : 0) - output;
      if (error !== 0) wrong++;
      byHand.w = [byHand.w[0]! + error * x!, byHand.w[1]! + error * y!];
      byHand.b += error;
    });
  }
  expect(and).toMatchObject({
    converged: true,
    weights: byHand.w,
    bias: byHand.b,
    mistakes: byHand.mistakes,
    correct: 4,
  });
  expect(and.message).toBe(
    `All 4 rows are right after ${byHand.mistakes.reduce((a, b) => a + b)} corrections in ${byHand.mistakes.length} passes.`,
  );
  expect(and.predict(corners)).toEqual([0, 0, 0, 1]);
  expect(and.predict([1, 1])).toBe(1);
});

it("makes no more mistakes than (R / margin)^2", () => {
  // The line x + y = 3, rows at least 1 / sqrt(2) away from it.
  const inputs: number[][] = [];
  const targets: string[] = [];
  for (let x = 0; x < 4; x++)
    for (let y = 0; y < 4; y++) {
      if (x + y === 3) continue;
      inputs.push([x, y]);
      targets.push(x + y > 3 ? "right" : "left");
    }
  const result = perceptron({ inputs, targets }, { shuffle: true, seed: 5 });
  const radius = Math.hypot(3, 3, 1);
  const margin = 1 / Math.hypot(1, 1, 3);
  expect(result.converged).toBe(true);
  expect(result.labels).toEqual(["left", "right"]);
  expect(result.predict(inputs)).toEqual(targets);
  expect(result.mistakes.reduce((a, b) => a + b)).toBeLessThanOrEqual((radius / margin) ** 2);
});

it("says that nothing separates XOR and keeps the best weights it met", () => {
  const xor = perceptron({ inputs: corners, targets: [-1, 1, 1, -1] });
  expect(xor.converged).toBe(false);
  // In this order the rule never meets one of the lines that get three corners right.
  expect(xor.correct).toBe(2);
  expect(xor.epochs).toBeLessThan(20);
  const answers = xor.predict(corners);
  expect(answers.filter((answer, row) => answer === [-1, 1, 1, -1][row])).toHaveLength(2);
  expect(xor.message).toMatchInlineSnapshot(
    `"No line was found that separates the classes, and none exists: the weights run in a circle. The best weights in 3 passes get 2 of 4 rows right. A network with a hidden layer can do more."`,
  );
});

it("gives up after the wanted number of passes where the order changes", () => {
  const xor = perceptron({ inputs: corners, targets: [0, 1, 1, 0] }, { epochs: 50, shuffle: true, seed: 1 });
  expect(xor).toMatchObject({ converged: false, epochs: 50, correct: 3 });
  expect(xor.message).not.toContain("none exists");
});

it("takes flat inputs, and inputs of one number", () => {
  const flat = perceptron({
    inputs: new Float32Array([0, 0, 0, 1, 1, 0, 1, 1]),
    targets: Uint8Array.of(0, 1, 1, 1),
  });
  expect(flat).toMatchObject({ converged: true, correct: 4 });
  const single = perceptron({ inputs: [1, 2, 8, 9], targets: ["a", "a", "b", "b"] }, { epochs: 5000 });
  expect(single.predict([[1.5], [8.5]])).toEqual(["a", "b"]);
});

it.each([
  [
    [0, 0, 0, 0],
    "[perceptron] expected targets of exactly two classes, received [0]. Combine or leave out classes.",
  ],
  [
    [0, 1, 2, 1],
    "[perceptron] expected targets of exactly two classes, received [0, 1, 2]. Combine or leave out classes.",
  ],
])("wants two classes: %j", (targets, message) => {
  expect(() => perceptron({ inputs: corners, targets })).toThrow(message);
});

it("names the place of a value that it cannot use", () => {
  const inputs = [
    [0, 0],
    [0, Number.NaN],
  ];
  expect(() => perceptron({ inputs, targets: [0, 1] })).toThrow("row 1, column 1");
});

it("takes records, and answers records in any order of their columns", () => {
  const points = [
    { length: 0, width: 0 },
    { width: 1, length: 0 },
    { length: 1, width: 0 },
    { length: 1, width: 1 },
  ];
  const columns = { length: [0, 0, 1, 1], width: [0, 1, 0, 1] };
  for (const inputs of [points, columns]) {
    const and = perceptron({ inputs, targets: ["no", "no", "no", "yes"] });
    expect([and.converged, and.weights.length]).toEqual([true, 2]);
    expect(and.predict({ width: 1, length: 1 })).toBe("yes");
    expect(and.predict(points)).toEqual(["no", "no", "no", "yes"]);
    expect(and.predict(columns)).toEqual(["no", "no", "no", "yes"]);
    expect(and.predict([1, 0])).toBe("no");
    expect(() => and.predict({ length: 1 })).toThrow('[perceptron] expected a number "width" in row 0');
  }
});

it.each([
  [undefined, {}, "[perceptron] expected data { inputs, targets }, received undefined."],
  [{ inputs: [[1]] }, {}, "[perceptron] expected targets in an array, received undefined."],
  [
    { inputs: 5, targets: [0, 1] },
    {},
    "[perceptron] expected arrays of numbers, or a typed array, of inputs",
  ],
  [{ inputs: [0, 1], targets: [0, 1] }, { epochs: 0 }, "as epochs, received 0."],
  [{ inputs: [0, 1], targets: [0, 1] }, { learningRate: -1 }, "a learning rate above 0, received -1."],
])("refuses %o with %o", (data, options, message) => {
  expect(() => perceptron(data as never, options)).toThrow(message);
});
