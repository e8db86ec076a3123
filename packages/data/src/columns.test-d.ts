import { expectTypeOf, test } from "vitest";
import { type batches, numberColumns, readTable, split, textColumn } from "./index.js";

const table = readTable("");

test("columns keep their names and kinds through a split", () => {
  const samples = { inputs: numberColumns(table, ["length", "width"]), targets: textColumn(table, "kind") };
  const { train } = split(samples);
  expectTypeOf(train.inputs.length).toEqualTypeOf<Float64Array>();
  expectTypeOf(train.targets).toEqualTypeOf<string[]>();
  // @ts-expect-error: no such column
  train.inputs.height;
});

test("records by column may be typed by an interface", () => {
  interface Leaves {
    readonly length: readonly number[];
    readonly width: Float32Array;
  }
  const inputs = {} as Leaves;
  expectTypeOf(split({ inputs, targets: [0, 1] }).test.inputs).toEqualTypeOf<Leaves>();
  expectTypeOf<typeof batches<{ inputs: Leaves; targets: number[] }>>().returns.toHaveProperty("length");
  // @ts-expect-error: a text is no rows
  split({ inputs: "abc", targets: [0, 1] });
});
