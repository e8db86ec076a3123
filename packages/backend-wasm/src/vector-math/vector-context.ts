import { type Expr, type FunctionBuilder, f32x4, f64x2, i32x4, type Local } from "../assembler/index.js";

/** What an emitter of vector maths needs from the kernel around it. */
export interface VectorContext {
  /** Four equal floats. */
  constant(value: number): Expr<"v128">;
  /** Four 32-bit integers, or one repeated. */
  integer(value: number | readonly number[]): Expr<"v128">;
  /** Two equal doubles. */
  double(value: number): Expr<"v128">;
  /** A fresh local for an intermediate result. */
  local(): Local<"v128">;
  /** Whether `a * b + c` may be rounded once (relaxed SIMD): faster, but no longer the same on every machine. */
  readonly fused: boolean;
}

/** An elementwise function on four floats. */
export type VectorFunction = (context: VectorContext, x: Expr<"v128">) => Expr<"v128">;

/**
 * A context whose constants live in locals that are set when the function is entered: V8 13 rebuilds a `v128.const`
 * inside a loop in every round (exp 1.9 instead of 0.9 ns). Equal bits share a local. Without `hoist` they are put where
 * they are used, for code that is seldom reached beside a loop that needs all registers.
 */
export function vectorContext(
  builder: FunctionBuilder,
  { fused = false, hoist = true }: { fused?: boolean; hoist?: boolean } = {},
): VectorContext {
  const known = new Map<string, Local<"v128">>();
  const hoisted = (code: Expr<"v128">): Expr<"v128"> => {
    if (!hoist) return code;
    const key = code.join();
    let place = known.get(key);
    if (!place) {
      place = builder.local("v128");
      builder.atEntry(place.set(code));
      known.set(key, place);
    }
    return place.get();
  };
  return {
    constant: (value) => hoisted(f32x4.const(value)),
    integer: (value) => hoisted(i32x4.const(value)),
    double: (value) => hoisted(f64x2.const(value)),
    local: () => builder.local("v128"),
    fused,
  };
}
