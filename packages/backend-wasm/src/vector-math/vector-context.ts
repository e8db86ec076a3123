import { obtain } from "@myelin/tensor";
import {
  type Expr,
  type FunctionBuilder,
  f32x4,
  f64x2,
  i32x4,
  type Local,
  type Statements,
} from "../assembler/index.js";

export type Vector = Expr<"v128">;

/** What an emitter of vector maths needs from the kernel around it. */
export interface VectorContext extends Constants {
  /** Computes a value now, into a fresh local: an intermediate result that is used several times. */
  keep(value: Vector): Local<"v128">;
  /** Appends statements to what is being written. */
  emit(...statements: Statements[]): void;
  /** Whether `a * b + c` may be rounded once (relaxed SIMD): faster, but no longer the same on every machine. */
  readonly fused: boolean;
}

export interface Constants {
  /** Four equal floats. */
  constant(value: number): Vector;
  /** Four 32-bit integers, or one repeated. */
  integer(value: number | readonly number[]): Vector;
  /** Two equal doubles. */
  double(value: number): Vector;
}

/** An elementwise function on four floats. */
export type VectorFunction = (context: VectorContext, x: Vector) => Vector;

/**
 * Constants that live in locals, which are set when the function is entered: V8 13 rebuilds a `v128.const` inside a loop in
 * every round (exp 1.9 instead of 0.9 ns). Equal bits share a local. Without `hoist` they are put where they are used, for
 * code that is seldom reached beside a loop that needs all registers.
 */
export function constantsOf(builder: FunctionBuilder, hoist: boolean): Constants {
  const known = new Map<string, Local<"v128">>();
  const hoisted = (code: Vector): Vector => {
    if (!hoist) return code;
    return obtain(known, code.join(), () => {
      const place = builder.local("v128");
      builder.atEntry(place.set(code));
      return place;
    });
  };
  return {
    constant: (value) => hoisted(f32x4.const(value)),
    integer: (value) => hoisted(i32x4.const(value)),
    double: (value) => hoisted(f64x2.const(value)),
  };
}
