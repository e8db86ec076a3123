import type { NestedNumbers, Network, ShapeMismatch } from "@myelin/tensor";
import { expectTypeOf, test } from "vitest";
import { type DataSet, type FitOptions, type FitsNetwork, type Model, perceptron } from "./index.js";

declare const options: FitOptions;
declare const model: Model<readonly [2], readonly [3]>;
declare const images: Model<readonly [2, 2], readonly [1]>;
declare const unknown: Model;

test("targets that fit compile", () => {
  model.fit({ inputs: [[0, 1]], targets: [[0, 0, 1]] }, options);
  model.fit({ inputs: [[0, 1]], targets: [2] }, options);
  model.fit({ inputs: [[0, 1]], targets: [[2]] }, options);
  model.fit({ inputs: [[0, 1]], targets: ["cat"] }, options);
  model.fit({ inputs: new Float32Array(2), targets: new Uint8Array(1) }, options);
  model.fit(
    { inputs: { data: new Uint8Array(4), shape: [2, 2] }, targets: { data: [1, 2], shape: [2] } },
    options,
  );
  images.fit(
    {
      inputs: [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      targets: [1],
    },
    options,
  );
  unknown.fit({ inputs: [[1, 2, 3]], targets: [[1, 2]] }, options);
});

interface Flower {
  readonly length: number;
  width: number;
}
declare const flowers: Flower[];
declare const flower: Flower;
interface Columns {
  length: number[];
  readonly width: readonly number[];
}
declare const columns: Columns;

test("records may be typed by an interface", () => {
  model.fit({ inputs: flowers, targets: ["a"] }, options);
  model.fit({ inputs: columns, targets: [0] }, options);
  model.evaluate({ inputs: flowers, targets: [1, 2] });
  model.fit({} as AsyncIterable<{ inputs: Flower[]; targets: string[] }>, options);
  expectTypeOf(model.predict(flower)).toEqualTypeOf<number[]>();
  expectTypeOf(model.predict(flowers)).toEqualTypeOf<number[][]>();
  expectTypeOf(model.predict(columns)).toEqualTypeOf<number[][]>();
  expectTypeOf(model.predict({ length: 1, width: 2 })).toEqualTypeOf<number[]>();
  expectTypeOf(model.predict([{ length: 1, width: 2 }])).toEqualTypeOf<number[][]>();
  expectTypeOf(model.predict({ length: [1], width: [2] })).toEqualTypeOf<number[][]>();
  const typed = { length: Float64Array.of(1), width: Float64Array.of(2) };
  model.fit({ inputs: typed, targets: [0] }, options);
  expectTypeOf(model.predict(typed)).toEqualTypeOf<number[][]>();
  model.classify(flowers);
  model.classify([{ length: 1, width: 2 }]);
  const found = perceptron({ inputs: flowers, targets: ["a", "b"] });
  expectTypeOf(found.predict(flower)).toEqualTypeOf<"a" | "b">();
  expectTypeOf(found.predict(flowers)).toEqualTypeOf<("a" | "b")[]>();
  expectTypeOf(found.predict(columns)).toEqualTypeOf<("a" | "b")[]>();
});

test("records of anything but numbers do not compile", () => {
  // @ts-expect-error a text
  model.fit({ inputs: [{ length: 1, width: "2" }], targets: [0] }, options);
  // @ts-expect-error a column of texts
  model.fit({ inputs: { length: [1], width: ["2"] }, targets: [0] }, options);
  // @ts-expect-error members that are no columns
  model.fit({ inputs: new Date(), targets: [0] }, options);
  // @ts-expect-error texts
  model.fit({ inputs: [["1", "2"]], targets: [0] }, options);
  // @ts-expect-error texts
  model.predict([["1", "2"]]);
});

test("options may be undefined", () => {
  const maybe = undefined as number | undefined;
  model.fit({} as DataSet, { ...options, epochs: maybe, seed: maybe });
  model.predict([1, 2], { batchSize: maybe });
});

test("lengths that only a run can know compile", () => {
  const inputs: number[][] = [];
  const targets: number[][] = [];
  model.fit({ inputs, targets }, options);
  model.fit({ inputs, targets: [] as number[] }, options);
  model.fit({} as DataSet, options);
  model.fit({} as AsyncIterable<DataSet>, options);
  const data = { inputs: [[0, 1]], targets: [[1]] };
  model.evaluate(data);
});

test("targets of the wrong width do not", () => {
  // @ts-expect-error two numbers for three outputs
  model.fit({ inputs: [[0, 1]], targets: [[0, 1]] }, options);
  // @ts-expect-error the same in a synchronous run
  model.fitSync({ inputs: [[0, 1]], targets: [[0, 1]] }, options);
  // @ts-expect-error the same in an evaluation
  model.evaluate({ inputs: [[0, 1]], targets: [[0, 1]] });
  // @ts-expect-error the same with a shape
  model.fit({ inputs: [[0, 1]], targets: { data: [0, 1, 1, 1], shape: [1, 4] } }, options);
  const pairs: readonly (readonly [number, number])[] = [];
  // @ts-expect-error tuples have a length wherever they come from
  model.fit({ inputs: pairs, targets: pairs }, options);
});

test("inputs of the wrong width do not", () => {
  // @ts-expect-error three numbers for two inputs
  model.fit({ inputs: [[0, 1, 2]], targets: [1] }, options);
  const ragged = { inputs: [[0], [1, 2, 3]], targets: [1, 2] } as const;
  // @ts-expect-error one of the rows
  model.fit(ragged, options);
  // @ts-expect-error flat rows for images
  images.fit({ inputs: [[1, 2]], targets: [1] }, options);
});

test("the message says what is wrong", () => {
  type Pairs = readonly (readonly [1, 2])[];
  type Wrong = FitsNetwork<{ inputs: Pairs; targets: Pairs }, readonly [2], readonly [3]>;
  expectTypeOf<Wrong>().toEqualTypeOf<
    ShapeMismatch<"[fit] expected targets of shape [3] per row, received [2]">
  >();
});

test("predictions have the form of the question", () => {
  expectTypeOf(model.predict([1, 2])).toEqualTypeOf<number[]>();
  expectTypeOf(
    model.predict([
      [1, 2],
      [3, 4],
    ]),
  ).toEqualTypeOf<number[][]>();
  expectTypeOf(model.predict([] as number[][])).toEqualTypeOf<number[][]>();
  expectTypeOf(model.predict(new Uint8Array(2))).toEqualTypeOf<Float32Array>();
  expectTypeOf(model.predict({ data: [1, 2], shape: [1, 2] })).toEqualTypeOf<{
    data: Float32Array;
    shape: number[];
  }>();
  expectTypeOf(
    images.predict([
      [1, 2],
      [3, 4],
    ]),
  ).toEqualTypeOf<number[]>();
});

test("a model has the shapes of its network", () => {
  type Shapes<M> = M extends Model<infer Input, infer Output> ? Network<Input, Output> : never;
  expectTypeOf<Shapes<typeof model>>().toEqualTypeOf<Network<readonly [2], readonly [3]>>();
  const any: Model = model;
  expectTypeOf(any.predict([1])).toEqualTypeOf<NestedNumbers>();
  // Records are rows, whatever the network: of a loaded model one can take the first.
  expectTypeOf(any.predict([{ age: 1 }])).toEqualTypeOf<NestedNumbers[]>();
  expectTypeOf(model.inputShape).toEqualTypeOf<readonly [2]>();
});
