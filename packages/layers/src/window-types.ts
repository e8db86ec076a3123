import type { Shape, ShapeFunction, ShapeMismatch, Show } from "@myelin/tensor";
import type { Positions } from "./arithmetic-types.js";
import type { Padding, Size } from "./windows.js";

/** What a window that slides over height and width makes of an image, and how many channels come out. */
export interface WindowShape<
  Operation extends string,
  Window extends Size,
  Strides extends Size,
  Pad extends Padding,
  Dilation extends Size,
  /** "same" for as many channels as come in. */
  Channels extends number | "same",
> extends ShapeFunction {
  readonly output: WindowOutput<
    this["input"],
    Operation,
    Pair<Window>,
    Pair<Strides>,
    Pad,
    Pair<Dilation>,
    Channels
  >;
}

type Two = readonly [number, number];

/** The same number for both axes when there is only one. */
export type Pair<S extends Size> = S extends number ? readonly [S, S] : S;

type WindowOutput<
  Input,
  Operation extends string,
  Window extends Two,
  Strides extends Two,
  Pad extends Padding,
  Dilation extends Two,
  Channels extends number | "same",
> = Input extends Shape
  ? number extends Input["length"]
    ? readonly [number, number, Channels extends number ? Channels : number]
    : Input extends readonly [
          infer Height extends number,
          infer Width extends number,
          infer In extends number,
        ]
      ? Fitting<
          readonly [
            Extent<Height, Window[0], Strides[0], Pad, Dilation[0]>,
            Extent<Width, Window[1], Strides[1], Pad, Dilation[1]>,
            Channels extends number ? Channels : In,
          ],
          `[${Operation}] expected height and width that hold a window of ${Window[0]} x ${Window[1]}, received ${Show<Input>}`
        >
      : ShapeMismatch<`[${Operation}] expected [height, width, channels], received ${Show<Input>}`>
  : Shape;

/** Padding "same" makes room for the window: positions depend on the stride alone. */
type Extent<
  N extends number,
  Window extends number,
  Stride extends number,
  Pad extends Padding,
  Dilation extends number,
> = Padding extends Pad
  ? number
  : Pad extends "same"
    ? Positions<N, 1, Stride, 1>
    : Positions<N, Window, Stride, Dilation>;

type Fitting<Output extends Shape, Message extends string> = [Output[0]] extends [never]
  ? ShapeMismatch<Message>
  : [Output[1]] extends [never]
    ? ShapeMismatch<Message>
    : Output;
