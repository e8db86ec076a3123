import { obtain } from "@myelin/tensor";
import {
  brIf,
  type Expr,
  type FunctionBuilder,
  i32,
  type Local,
  loop,
  type Statements,
  when,
} from "../assembler/index.js";
import type { LoopRange, Pointer } from "./kernel-emitter.js";

/** A sum of index x stride that a loop keeps up to date. */
interface Walk {
  readonly local: Local<"i32">;
  readonly stride: number;
  /** What the local starts from, without the part of this loop. */
  readonly parent: Pointer;
  /** Added so that a walk backwards never goes below zero: offsets of WebAssembly are unsigned. */
  readonly bias: number;
}

interface Level {
  readonly axis: number;
  readonly walks: Map<string, Walk>;
}

/**
 * Loops over extents. Addresses are `local + constant`: all operands that walk alike share one local per loop, which the
 * loop moves by a constant, and which also counts its rounds.
 */
export interface Nest {
  /** Sum of index x stride over the loops around. */
  pointer(strides: readonly number[]): Pointer;
  loop(axis: number, range: LoopRange, inside: () => Statements): Statements;
}

export function nestOf(builder: FunctionBuilder, extents: readonly number[]): Nest {
  const levels: Level[] = [];

  const pointer = (strides: readonly number[], depth = levels.length): Pointer => {
    if (depth === 0) return { base: zero, offset: 0 };
    const { axis, walks } = levels[depth - 1] as Level;
    const stride = strides[axis] as number;
    if (stride === 0) return pointer(strides, depth - 1);
    const key = levels
      .slice(0, depth)
      .map((level) => strides[level.axis])
      .join();
    const { local, parent, bias } = obtain(walks, key, () => ({
      local: builder.local("i32"),
      stride,
      parent: pointer(strides, depth - 1),
      bias: stride < 0 ? -stride * ((extents[axis] as number) - 1) : 0,
    }));
    return { base: local, offset: parent.offset - bias };
  };

  const loopOver: Nest["loop"] = (axis, { from = 0, to, step = 1 }, inside) => {
    const walks = new Map<string, Walk>();
    levels.push({ axis, walks });
    const body = inside();
    // A walk whose end is the loop's end.
    const isForwards = ({ stride }: Walk) => stride > 0;
    if (![...walks.values()].some(isForwards)) pointer(extents.map((_, other) => (other === axis ? 1 : 0)));
    levels.pop();
    const all = [...walks.values()];
    const counter = all.find(isForwards) as Walk;
    const starts = all.map(({ local, stride, parent, bias }) =>
      local.set(sum(parent.base, times(from, stride), constant(bias))),
    );
    const next = ({ local, stride }: Walk) => i32.add(local, i32.const(stride * step));
    const isKnown = typeof from === "number" && typeof to === "number";
    if (isKnown && to <= from) return [];
    if (isKnown && to - from <= step) return [starts, body];
    const last = sum(counter.parent.base, times(to, counter.stride));
    const isConstant = counter.parent.base === zero && typeof to === "number";
    const end = isConstant ? last : builder.local("i32");
    const rounds = [
      starts,
      isConstant ? [] : (end as Local<"i32">).set(last),
      loop((again) => [
        body,
        all.flatMap((walk) => (walk === counter ? [] : [walk.local.set(next(walk))])),
        brIf(again, i32.lt_u(counter.local.tee(next(counter)), end)),
      ]),
    ];
    return isKnown ? rounds : when(i32.lt_u(times(from, 1), times(to, 1)), rounds);
  };
  return { pointer, loop: loopOver };
}

const zero = i32.const(0);

function constant(value: number): Expr<"i32"> {
  return value === 0 ? zero : i32.const(value);
}

function times(index: number | Local<"i32">, stride: number): Expr<"i32"> {
  if (typeof index === "number") return constant(index * stride);
  return stride === 1 ? index : i32.mul(index, i32.const(stride));
}

function sum(...terms: Expr<"i32">[]): Expr<"i32"> {
  const [last = zero, ...others] = terms.filter((term) => term !== zero).reverse();
  return others.reduce((total, term) => i32.add(term, total), last);
}
