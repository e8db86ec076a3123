import type { Shape } from "./shape.js";

/** A shape that cannot exist, with the reason: what editors show when two literal shapes do not fit. */
export interface ShapeMismatch<Message extends string> {
  readonly shapeMismatch: Message;
}

/** Intersect an argument with this to reject it, with words, when `Result` is a mismatch. */
export type Fits<Result> = Result extends ShapeMismatch<string> ? Result : unknown;

/** The shape of a result; `Shape` where the arguments were already rejected. */
export type ShapeOf<Result> = Result extends Shape ? Result : Shape;

/** True when the rank is not known to the compiler. */
type Unranked<S extends Shape> = number extends S["length"] ? true : false;

/** NumPy's broadcasting on literal shapes; `number` extents flow through. */
export type Broadcast<A extends Shape, B extends Shape> =
  Unranked<A> extends true ? Shape : Unranked<B> extends true ? Shape : BroadcastFromLast<A, B, [], A, B>;

type BroadcastFromLast<
  A extends Shape,
  B extends Shape,
  Done extends Shape,
  WholeA extends Shape,
  WholeB extends Shape,
> = A extends readonly [...infer RestA extends Shape, infer LastA extends number]
  ? B extends readonly [...infer RestB extends Shape, infer LastB extends number]
    ? BroadcastExtent<LastA, LastB> extends infer Extent extends number
      ? BroadcastFromLast<RestA, RestB, readonly [Extent, ...Done], WholeA, WholeB>
      : ShapeMismatch<`shapes ${Show<WholeA>} and ${Show<WholeB>} do not broadcast: ${LastA} against ${LastB}`>
    : readonly [...A, ...Done]
  : readonly [...B, ...Done];

type BroadcastExtent<A extends number, B extends number> = number extends A
  ? B extends 1
    ? A
    : B
  : number extends B
    ? A extends 1
      ? B
      : A
    : A extends B
      ? A
      : A extends 1
        ? B
        : B extends 1
          ? A
          : "mismatch";

/** The shape of a matrix product of literal shapes: [.., M, K] x [.., K, N], vectors as in NumPy. */
export type MatrixProduct<A extends Shape, B extends Shape> =
  Unranked<A> extends true
    ? Shape
    : Unranked<B> extends true
      ? Shape
      : A extends readonly [infer K extends number]
        ? B extends readonly [infer L extends number]
          ? Contracted<K, L, readonly [], A, B>
          : B extends readonly [...infer Batch extends Shape, infer L extends number, infer N extends number]
            ? Contracted<K, L, readonly [...Batch, N], A, B>
            : Shape
        : A extends readonly [...infer BatchA extends Shape, infer M extends number, infer K extends number]
          ? B extends readonly [infer L extends number]
            ? Contracted<K, L, readonly [...BatchA, M], A, B>
            : B extends readonly [
                  ...infer BatchB extends Shape,
                  infer L extends number,
                  infer N extends number,
                ]
              ? Broadcast<BatchA, BatchB> extends infer Batch
                ? Batch extends Shape
                  ? Contracted<K, L, readonly [...Batch, M, N], A, B>
                  : Batch
                : never
              : Shape
          : Shape;

type Contracted<K extends number, L extends number, Result extends Shape, A extends Shape, B extends Shape> =
  Agree<K, L> extends true
    ? Result
    : ShapeMismatch<`matmul of ${Show<A>} and ${Show<B>}: the inner extents ${K} and ${L} differ`>;

type Agree<A extends number, B extends number> = number extends A
  ? true
  : number extends B
    ? true
    : A extends B
      ? true
      : false;

/** The shape asked of a reshape; an extent of -1 is worked out at run time. */
export type Reshaped<S extends Shape> = number extends S["length"]
  ? Shape
  : { readonly [Axis in keyof S]: S[Axis] extends -1 ? number : S[Axis] };

/** "[2, 3]" for error messages. */
export type Show<S extends Shape> = Unranked<S> extends true ? "[...]" : `[${Join<S>}]`;

type Join<S extends Shape> = S extends readonly [infer Only extends number]
  ? `${Only}`
  : S extends readonly [infer First extends number, ...infer Rest extends Shape]
    ? `${First}, ${Join<Rest>}`
    : "";

/** Nested arrays of numbers, as `toArray` returns them. */
export type NestedArray<S extends Shape> = S extends readonly [number, ...infer Rest extends Shape]
  ? NestedArray<Rest>[]
  : Unranked<S> extends true
    ? NestedNumbers
    : number;

export type NestedNumbers = number | NestedNumbers[];
