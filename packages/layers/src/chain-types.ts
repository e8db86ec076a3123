import type { ApplyShape, Fits, Layer, Shape, ShapeMismatch, ShapeOf, Show } from "@myelin/tensor";

/** What one layer makes of a shape of features: a shape, or a `ShapeMismatch` with the reason. */
export type Step<Input extends Shape, L> = L extends {
  readonly inputShape: infer Wanted extends Shape;
  readonly outputShape: infer Output extends Shape;
}
  ? Matches<Wanted, Input> extends true
    ? Output
    : ShapeMismatch<`[sequential] expected ${Show<Wanted>}, received ${Show<Input>}`>
  : L extends Layer<infer F>
    ? ApplyShape<F, Input>
    : Shape;

/** What a chain of layers makes of a shape; `Shape` when their number is not known. */
export type Chain<Input extends Shape, Layers extends readonly unknown[]> = number extends Layers["length"]
  ? Shape
  : Layers extends readonly [infer First, ...infer Rest]
    ? Chain<ShapeOf<Step<Input, First>>, Rest>
    : Input;

/**
 * The layers themselves, each rejected with words where it does not fit what comes before it. Of an array that is spread, nobody
 * knows what comes before what.
 */
export type Joined<Input extends Shape, Layers extends readonly Layer[]> = {
  readonly [Index in keyof Layers]: Layers[Index] &
    (number extends Layers["length"]
      ? unknown
      : Fits<Step<At<Entering<Input, Layers>, Index>, Layers[Index]>>);
};

/** The shapes that enter each layer. */
type Entering<Input extends Shape, Layers extends readonly unknown[]> = Layers extends readonly [
  infer First,
  ...infer Rest,
]
  ? readonly [Input, ...Entering<ShapeOf<Step<Input, First>>, Rest>]
  : readonly [];

type At<Shapes, Index> = Index extends keyof Shapes ? ShapeOf<Shapes[Index]> : Shape;

/** Whether a shape may be the wanted one; extents and ranks that are not known may. */
type Matches<Wanted extends Shape, Input extends Shape> = number extends Wanted["length"] | Input["length"]
  ? true
  : Wanted extends readonly [infer A extends number, ...infer RestA extends Shape]
    ? Input extends readonly [infer B extends number, ...infer RestB extends Shape]
      ? number extends A | B
        ? Matches<RestA, RestB>
        : A extends B
          ? Matches<RestA, RestB>
          : false
      : false
    : Input extends readonly []
      ? true
      : false;
