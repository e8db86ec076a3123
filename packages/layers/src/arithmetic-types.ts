import type { Shape } from "@myelin/tensor";

/**
 * Arithmetic of the compiler on literal extents, by the lengths of tuples. Numbers that are not literals, and results that
 * would need tuples of 10,000 entries and more, are `number`: shapes stay right, they are only less precise.
 */

type Digits = {
  readonly "0": [];
  readonly "1": [0];
  readonly "2": [0, 0];
  readonly "3": [0, 0, 0];
  readonly "4": [0, 0, 0, 0];
  readonly "5": [0, 0, 0, 0, 0];
  readonly "6": [0, 0, 0, 0, 0, 0];
  readonly "7": [0, 0, 0, 0, 0, 0, 0];
  readonly "8": [0, 0, 0, 0, 0, 0, 0, 0];
  readonly "9": [0, 0, 0, 0, 0, 0, 0, 0, 0];
};

/** The number of decimal digits of a whole literal; `never` for all other numbers. */
type DigitsOf<N extends number> = number extends N ? never : CountDigits<`${N}`>;
type CountDigits<Text extends string, Done extends unknown[] = []> = Text extends ""
  ? Done["length"]
  : Text extends `${keyof Digits}${infer Rest}`
    ? CountDigits<Rest, [...Done, 0]>
    : never;

/** N times the entries of `Unit`, N given by its decimal digits. */
type Copies<Text extends string, Unit extends unknown[], Done extends unknown[] = []> = Text extends ""
  ? Done
  : Text extends `${infer Digit extends keyof Digits}${infer Rest}`
    ? Copies<Rest, Unit, [...TenTimes<Done>, ...Repeat<Digits[Digit], Unit>]>
    : never;
type TenTimes<T extends unknown[]> = [...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T];
type Repeat<Times extends unknown[], Unit extends unknown[]> = Times extends [unknown, ...infer Rest]
  ? [...Unit, ...Repeat<Rest, Unit>]
  : [];
type TupleOf<N extends number> = Copies<`${N}`, [0]>;

/** Two factors with at most four digits together have a product below 10,000. */
type Multipliable = "1 1" | "1 2" | "1 3" | "2 1" | "2 2" | "3 1";

export type Times<A extends number, B extends number> = A extends 1
  ? B
  : B extends 1
    ? A
    : [`${DigitsOf<A>} ${DigitsOf<B>}`] extends [never]
      ? number
      : `${DigitsOf<A>} ${DigitsOf<B>}` extends Multipliable
        ? Copies<`${B}`, TupleOf<A>>["length"] & number
        : number;

/** The product of all extents. */
export type Product<S extends Shape, Done extends number = 1> = number extends S["length"]
  ? number
  : S extends readonly [infer First extends number, ...infer Rest extends Shape]
    ? Product<Rest, Times<Done, First>>
    : Done;

/** True for whole literals below 1000: small enough to divide by repeated subtraction. */
type IsSmall<N extends number> = [DigitsOf<N>] extends [never]
  ? false
  : DigitsOf<N> extends 1 | 2 | 3
    ? true
    : false;

/** Cells that a window covers: dilation * (size - 1) + 1. */
type Covered<Size extends number, Dilation extends number> =
  TupleOf<Size> extends [unknown, ...infer Gaps] ? [0, ...Repeat<Gaps, TupleOf<Dilation>>] : never;

/** Positions of a window on an axis: floor((extent - covered) / stride) + 1; `never` when it does not fit. */
export type Positions<
  Extent extends number,
  Size extends number,
  Stride extends number,
  Dilation extends number,
> = PositionsIf<
  IsSmall<Extent> | IsSmall<Size> | IsSmall<Stride> | IsSmall<Dilation>,
  Extent,
  Size,
  Stride,
  Dilation
>;

/** A type of its own, because the compiler decides a condition on literals too early where they are parameters. */
type PositionsIf<
  Small extends boolean,
  Extent extends number,
  Size extends number,
  Stride extends number,
  Dilation extends number,
> = false extends Small
  ? number
  : TupleOf<Extent> extends [...Covered<Size, Dilation>, ...infer Rest]
    ? PositionsIn<Rest, Stride>
    : never;

type PositionsIn<Rest extends unknown[], Stride extends number> = Stride extends 1
  ? [0, ...Rest]["length"] & number
  : CountSteps<Rest, TupleOf<Stride>>;

type CountSteps<
  Rest extends unknown[],
  Stride extends unknown[],
  Done extends unknown[] = [0],
> = Rest extends [...Stride, ...infer Less]
  ? CountSteps<Less, Stride, [...Done, 0]>
  : Done["length"] & number;
