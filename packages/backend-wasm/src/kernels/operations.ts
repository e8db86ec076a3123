import type { Comparison, Instruction, ValueType } from "@myelin/compiler";
import { invariant, mapRecord } from "@myelin/tensor";
import { f32x4, i32, i32x4, type Local, v128 } from "../assembler/index.js";
import {
  cos,
  erfc,
  exp,
  expm1,
  log,
  log1p,
  sigmoid,
  sin,
  tanh,
  type Vector,
  type VectorContext,
} from "../vector-math/index.js";
import { emitUniform } from "./random.js";

type Emit = (context: VectorContext, ...operands: Vector[]) => Vector;
type Table<Member> = { readonly [Name in Instruction["op"] | Comparison]?: Member };

/** Operations that are one WebAssembly instruction each. */
function instructions(members: Table<(...operands: Vector[]) => Vector>): Table<Emit> {
  return mapRecord(
    members,
    (instruction) =>
      (_, ...operands) =>
        instruction(...operands),
  );
}

const float: Table<Emit> = {
  ...instructions({
    add: f32x4.add,
    subtract: f32x4.sub,
    multiply: f32x4.mul,
    divide: f32x4.div,
    less: f32x4.lt,
    lessOrEqual: f32x4.le,
    equal: f32x4.eq,
    negate: f32x4.neg,
    absolute: f32x4.abs,
    sqrt: f32x4.sqrt,
    floor: f32x4.floor,
  }),
  maximum: ({ keep }, a, b) => largest(a, keep(b)),
  minimum: ({ keep }, a, b) => orNaN(f32x4.pmin, a, keep(b)),
  exp,
  expm1,
  log,
  log1p,
  tanh,
  sigmoid,
  erfc,
  sin,
  cos,
};

/** Also of masks. Functions other than these do not exist for integers. */
const integer: Table<Emit> = {
  ...instructions({
    add: i32x4.add,
    subtract: i32x4.sub,
    multiply: i32x4.mul,
    maximum: i32x4.max_s,
    minimum: i32x4.min_s,
    less: i32x4.lt_s,
    lessOrEqual: i32x4.le_s,
    equal: i32x4.eq,
    negate: i32x4.neg,
    absolute: i32x4.abs,
    floor: (x) => x,
  }),
  divide: divideIntegers,
};

/** The result of an instruction that computes, given the type of its operands. */
export function emitOperation(
  context: VectorContext,
  instruction: Instruction,
  type: ValueType | undefined,
  operands: readonly Vector[],
): Vector {
  const { op } = instruction;
  if (op === "random") return emitUniform(context, instruction.stream, operands);
  if (op === "cast") return cast(context, type, instruction.type, operands[0] as Vector);
  const name = op === "compare" ? instruction.comparison : op;
  const emit = (type === "f32" ? float : integer)[name];
  invariant(emit !== undefined, `${name} does not exist for ${type}, or its result is not known yet`);
  return emit(context, ...operands);
}

/** The larger one; NaN if either is. */
export function largest(a: Vector, b: Local<"v128">): Vector {
  return orNaN(f32x4.pmax, a, b);
}

/**
 * `pmax` and `pmin` pass NaN on the left, and all bits set are a NaN: three instructions, where `f32x4.max` takes eight, since
 * it also cares about the sign of zeros.
 */
function orNaN(choose: (a: Vector, b: Vector) => Vector, a: Vector, b: Vector): Vector {
  return v128.or(choose(a, b), f32x4.ne(b, b));
}

/** f32 to i32 truncates and saturates; a mask becomes 1 or 0. */
function cast(context: VectorContext, from: ValueType | undefined, to: "f32" | "i32", x: Vector): Vector {
  if (from === to) return x;
  if (from === "bool") return v128.and(x, to === "f32" ? context.constant(1) : context.integer(1));
  return to === "f32" ? f32x4.convert_i32x4_s(x) : i32x4.trunc_sat_f32x4_s(x);
}

/**
 * Quotients of integers, towards zero; x / 0 = 0, and the lowest number / -1 is itself: both would trap. Lane by lane,
 * since there is no instruction for four.
 */
function divideIntegers({ integer, keep, emit }: VectorContext, left: Vector, right: Vector): Vector {
  const [a, b] = [keep(left), keep(right)];
  // Of all integers only -1 and 0 are at most 1 when 1 is added, read as unsigned.
  const special = i32x4.le_u(i32x4.add(b, integer(1)), integer(1));
  const safe = keep(v128.bitselect(integer(1), b, special));
  const lane = (i: number) => i32.div_s(i32x4.extract_lane(a, i), i32x4.extract_lane(safe, i));
  const quotient = keep(i32x4.splat(lane(0)));
  for (const i of [1, 2, 3]) emit(quotient.set(i32x4.replace_lane(quotient, lane(i), i)));
  return v128.andnot(
    v128.bitselect(i32x4.neg(a), quotient, i32x4.eq(b, integer(-1))),
    i32x4.eq(b, integer(0)),
  );
}
