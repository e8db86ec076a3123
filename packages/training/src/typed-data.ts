import type { NestedArray, NestedNumbers, Shape, ShapeMismatch, Show } from "@myelin/tensor";
import type { NumericArray } from "./data-forms.js";
import type { AnyRecord } from "./records.js";

/** Rejects data whose rows, as far as their widths are literals, do not fit the network. */
export type FitsNetwork<Data, Input extends Shape, Output extends Shape> = Data extends {
  readonly inputs: infer Inputs;
  readonly targets: infer Targets;
}
  ? FitsInputs<RowShape<Inputs>, Input> & FitsRecords<Inputs> & FitsTargets<RowShape<Targets>, Output>
  : unknown;

/** What `predict` answers: the form of the question. */
export type Prediction<Source, Input extends Shape, Output extends Shape> = Source extends NumericArray
  ? Float32Array
  : Source extends { readonly shape: Shape }
    ? { data: Float32Array; shape: number[] }
    : Source extends readonly AnyRecord[]
      ? NestedArray<readonly [number, ...Output]>
      : Source extends AnyRecord
        ? NestedArray<Source[keyof Source & string] extends number ? Output : readonly [number, ...Output]>
        : number extends Input["length"] | Output["length"]
          ? NestedNumbers
          : LiteralShape<Source>["length"] extends Input["length"]
            ? NestedArray<Output>
            : NestedArray<readonly [number, ...Output]>;

type FitsInputs<Row extends Shape, Input extends Shape> =
  Agree<Row, Input> extends true
    ? unknown
    : Row extends readonly []
      ? unknown
      : ShapeMismatch<`[fit] expected inputs of shape ${Show<Input>} per row, received ${Show<Row>}`>;

/** Members by names are numbers, or lists of them. */
type FitsRecords<Source> = Source extends ArrayBufferView | { readonly shape: Shape }
  ? unknown
  : Source extends readonly (infer Row extends AnyRecord)[]
    ? AllNumbers<Row>
    : Source extends AnyRecord
      ? AllNumbers<Source>
      : unknown;

type AllNumbers<Row> = Row extends {
  readonly [Name in keyof Row & string]: number | readonly number[] | NumericArray;
}
  ? unknown
  : ShapeMismatch<"[fit] expected numbers in every column of inputs">;

/** Besides rows like the output: class indices, bare or in brackets of their own. */
type FitsTargets<Row extends Shape, Output extends Shape> = true extends
  | Agree<Row, Output>
  | Agree<Row, ButLast<Output>>
  | Agree<Row, readonly [...ButLast<Output>, 1]>
  ? unknown
  : ShapeMismatch<`[fit] expected targets of shape ${Show<Output>} per row, received ${Show<Row>}`>;

type ButLast<S extends Shape> = S extends readonly [...infer Leading extends Shape, number] ? Leading : Shape;

/** Shape of one of the rows of a source; `Shape` where only a run can tell. */
type RowShape<Source> = Source extends ArrayBufferView
  ? Shape
  : Source extends { readonly shape: readonly [number, ...infer Rest extends Shape] }
    ? Rest
    : Source extends readonly (infer Row)[]
      ? LiteralShape<Row>
      : Shape;

/** Literal lengths of nested arrays, up to six levels (the type of all nested arrays has no end). */
type LiteralShape<Row, Levels extends readonly unknown[] = []> = Levels["length"] extends 6
  ? Shape
  : Row extends ArrayBufferView
    ? Shape
    : Row extends readonly (infer Inner)[]
      ? readonly [Row["length"], ...LiteralShape<Inner, [...Levels, unknown]>]
      : readonly [];

type Agree<A extends Shape, B extends Shape> = number extends A["length"] | B["length"]
  ? true
  : A extends readonly [infer First extends number, ...infer RestA extends Shape]
    ? B extends readonly [infer Second extends number, ...infer RestB extends Shape]
      ? number extends First | Second
        ? Agree<RestA, RestB>
        : First extends Second
          ? Agree<RestA, RestB>
          : false
      : false
    : B extends readonly []
      ? true
      : false;
