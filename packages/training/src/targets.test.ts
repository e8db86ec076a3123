import { describe, expect, it } from "vitest";
import { logistic, softmaxLoss, squaredError } from "./small-networks.fixture.js";
import { readTargets, type TargetReading } from "./targets.js";

const read = (source: unknown, changes: Partial<TargetReading>) =>
  readTargets(source, {
    operation: "fit",
    loss: softmaxLoss,
    output: [3],
    rows: 2,
    labels: undefined,
    ...changes,
  });

describe("readTargets", () => {
  it.each([
    ["bare", [2, 0]],
    ["in brackets", [[2], [0]]],
    ["in a typed array", Float64Array.of(2, 0)],
    ["with a shape", { data: [2, 0], shape: [2] }],
    ["with a shape and a column", { data: [2, 0], shape: [2, 1] }],
  ])("reads class indices %s", (_, source) => {
    expect(read(source, {})).toEqual({
      targets: Int32Array.of(2, 0),
      targetShape: [],
      indices: true,
      labels: undefined,
    });
  });

  it("keeps bytes as bytes", () => {
    expect(read(Uint8Array.of(2, 0), {}).targets).toEqual(Uint8Array.of(2, 0));
  });

  it.each([
    [
      "nested",
      [
        [0, 0, 1],
        [1, 0, 0],
      ],
    ],
    ["flat", Uint8Array.of(0, 0, 1, 1, 0, 0)],
    ["with a shape", { data: [0, 0, 1, 1, 0, 0], shape: [2, 3] }],
  ])("reads a number per class, %s", (_, source) => {
    const { targets, targetShape, indices } = read(source, {});
    expect({ targets: Array.from(targets), targetShape, indices }).toEqual({
      targets: [0, 0, 1, 1, 0, 0],
      targetShape: [3],
      indices: false,
    });
  });

  it("reads class indices of every position of a sequence", () => {
    const source = [
      [0, 1],
      [2, 2],
    ];
    expect(read(source, { output: [2, 3] })).toMatchObject({
      targets: Int32Array.of(0, 1, 2, 2),
      targetShape: [2],
      indices: true,
    });
    expect(
      read(
        [
          [[0], [1]],
          [[2], [2]],
        ],
        { output: [2, 3] },
      ),
    ).toMatchObject({ targets: Int32Array.of(0, 1, 2, 2), targetShape: [2], indices: true });
  });

  it("reads numbers, one per row also without brackets", () => {
    const options = { loss: squaredError, output: [1] };
    expect(read([5, -7], options)).toEqual({
      targets: Float32Array.of(5, -7),
      targetShape: [1],
      indices: false,
      labels: undefined,
    });
    expect(read([[5], [-7]], options).targets).toEqual(Float32Array.of(5, -7));
    expect(read([1, 0], { loss: logistic, output: [1] }).targets).toEqual(Float32Array.of(1, 0));
  });

  it("turns strings into indices in code-unit order, whatever the order of the rows", () => {
    const rows = 3;
    expect(read(["b", "Z", "a"], { rows })).toMatchObject({
      targets: Int32Array.of(2, 0, 1),
      labels: ["Z", "a", "b"],
      indices: true,
    });
    expect(read(["a", "b", "Z"], { rows })).toMatchObject({
      targets: Int32Array.of(1, 2, 0),
      labels: ["Z", "a", "b"],
    });
    expect(read(["no", "yes", "no"], { rows, loss: logistic, output: [1] })).toMatchObject({
      labels: ["no", "yes"],
      targetShape: [1],
    });
    expect(Array.from(read(["no", "yes", "no"], { rows, loss: logistic, output: [1] }).targets)).toEqual([
      0, 1, 0,
    ]);
  });

  it("keeps the labels that a model has", () => {
    expect(read(["b", "c"], { labels: ["c", "b", "a"] })).toMatchObject({
      targets: Int32Array.of(1, 0),
      labels: ["c", "b", "a"],
    });
    expect(read([1, 0], { labels: ["c", "b", "a"] }).labels).toEqual(["c", "b", "a"]);
  });

  it.each([
    [
      "a class that does not exist",
      [0, 3],
      {},
      "[fit] expected a class index between 0 and 2 in row 1 of targets, received 3. A network has an output per class;",
    ],
    ["a class below 0", Int32Array.of(-1, 0), {}, "in row 0 of targets, received -1."],
    ["a fraction of a class", [0.5, 0], {}, "in row 0 of targets, received 0.5."],
    ["bytes beyond the classes", Uint8Array.of(1, 9), {}, "in row 1 of targets, received 9."],
    [
      "no yes or no",
      [0, 2],
      { loss: logistic, output: [1] },
      "[fit] expected numbers between 0 and 1 in row 1 of targets, received 2.",
    ],
    [
      "too large a share",
      [
        [0, 0, 1],
        [0, 3, 1],
      ],
      {},
      "[fit] expected numbers between 0 and 1 in row 1 of targets, received 3.",
    ],
    [
      "an unknown label",
      ["b", "x"],
      { labels: ["a", "b", "c"] },
      '[fit] expected one of the labels a, b, c in row 1 of targets, received "x".',
    ],
    [
      "more labels than outputs",
      ["b", "x"],
      { loss: logistic, output: [1], rows: 3 },
      "targets for 3 rows of inputs, received 2 rows.",
    ],
    [
      "a class for the single output",
      [1, 0],
      { output: [1] },
      "received 1. A network has an output per class; use binaryCrossEntropy for a single one.",
    ],
    [
      "a number among texts",
      ["b", 1],
      {},
      "[fit] expected a text in row 1 of targets, as before, received 1.",
    ],
    [
      "strings for numbers",
      ["b", "x"],
      { loss: squaredError, output: [1] },
      '(float32) in row 0, column 0 of targets, received "b". Encode texts, or use a loss',
    ],
    [
      "other widths",
      [
        [1, 2],
        [3, 4],
      ],
      {},
      "[fit] expected 3 numbers in row 0 of targets, received 2 entries.",
    ],
    ["other numbers of rows", [0, 1, 2], {}, "[fit] expected targets for 2 rows of inputs, received 3 rows."],
  ] as [string, unknown, Partial<TargetReading>, string][])(
    "names the place of %s",
    (_, source, changes, message) => {
      expect(() => read(source, changes)).toThrow(message);
    },
  );

  it("refuses too few or too many labels for the outputs", () => {
    const wrong: [unknown, Partial<TargetReading>, string][] = [
      [["a", "b", "c"], { loss: logistic, output: [1], rows: 3 }, "2 labels for outputs [1], received 3."],
      [["a", "a", "a"], { loss: logistic, output: [1], rows: 3 }, "2 labels for outputs [1], received 1."],
      [["a", "b"], {}, "3 labels for outputs [3], received 2."],
      [[0, 1], { labels: ["a", "b"] }, "3 labels for outputs [3], received 2."],
    ];
    for (const [source, options, message] of wrong)
      expect(() => read(source, options)).toThrow(
        `[fit] expected ${message} Give the network an output per label (one for two), or fit all labels.`,
      );
  });
});
