/**
 * The common part of sin and cos: `x = n pi/2 + r` with |r| <= pi/4, and polynomials for sin r and cos r
 * (Cephes, sinf.c). The remainder is taken in doubles, with pi/2 in two parts of which n times the first is exact:
 * in floats it would have no correct digit where x comes close to a multiple of pi.
 */
import { after, type Expr, f32x4, f64x2, i8x16, i32, i32x4, type Local, v128 } from "../assembler/index.js";
import { roundingMagic } from "./exponential.js";
import { multiplyAdd, polynomial } from "./polynomial.js";
import type { VectorContext } from "./vector-context.js";

const halfPiHigh = 1.5707963267341256;
const halfPiLow = 6.077100506506192e-11;

/** Where n outgrows the reduction; beyond, the result is NaN. */
const circularLimit = 2 ** 20;

const sineCoefficients = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1];
const cosineCoefficients = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2];

const upperHalf = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const lowerHalves = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];

/** `sin(x + quarters pi/2)`. */
export function circular(context: VectorContext, x: Expr<"v128">, quarters: number): Expr<"v128"> {
  const { constant, integer } = context;
  const value = context.local();
  const turns = context.local();
  const n = context.local();
  const rest = context.local();
  const square = context.local();
  const quarter = context.local();
  const r = rest.get();
  const z = square.get();
  const sine = multiplyAdd(context, f32x4.mul(polynomial(context, z, sineCoefficients), z), r, r);
  const cosine = f32x4.add(
    f32x4.sub(
      f32x4.mul(f32x4.mul(polynomial(context, z, cosineCoefficients), z), z),
      f32x4.mul(z, constant(0.5)),
    ),
    constant(1),
  );
  const odd = i32x4.eq(v128.and(quarter.get(), integer(1)), integer(1));
  const sign = i32x4.shl(i32x4.shr_u(quarter.get(), i32.const(1)), i32.const(31));
  return after(
    [
      value.set(x),
      turns.set(multiplyAdd(context, value.get(), constant(2 / Math.PI), constant(roundingMagic))),
      n.set(f32x4.sub(turns.get(), constant(roundingMagic))),
      rest.set(remainder(context, value, n)),
      square.set(f32x4.mul(r, r)),
      quarter.set(quarters === 0 ? turns.get() : i32x4.add(turns.get(), integer(quarters))),
    ],
    v128.or(
      v128.xor(v128.bitselect(cosine, sine, odd), sign),
      // All bits set are a NaN.
      f32x4.gt(f32x4.abs(value.get()), constant(circularLimit)),
    ),
  );
}

function remainder(context: VectorContext, x: Local<"v128">, n: Local<"v128">): Expr<"v128"> {
  const half = (select: (value: Expr<"v128">) => Expr<"v128">): Expr<"v128"> => {
    const count = context.local();
    const high = f64x2.sub(
      f64x2.promote_low_f32x4(select(x.get())),
      f64x2.mul(count.tee(f64x2.promote_low_f32x4(select(n.get()))), context.double(halfPiHigh)),
    );
    return f32x4.demote_f64x2_zero(f64x2.sub(high, f64x2.mul(count.get(), context.double(halfPiLow))));
  };
  const lower = half((value) => value);
  const upper = half((value) => i8x16.shuffle(value, value, upperHalf));
  return i8x16.shuffle(lower, upper, lowerHalves);
}
