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
export class Nest {
  private readonly builder: FunctionBuilder;
  private readonly extents: readonly number[];
  private readonly levels: Level[] = [];

  constructor(builder: FunctionBuilder, extents: readonly number[]) {
    this.builder = builder;
    this.extents = extents;
  }

  /** Sum of index x stride over the loops around. */
  pointer(strides: readonly number[]): Pointer {
    return this.pointerAt(this.levels.length, strides);
  }

  loop(axis: number, { from = 0, to, step = 1 }: LoopRange, inside: () => Statements): Statements {
    const level: Level = { axis, walks: new Map() };
    this.levels.push(level);
    const body = inside();
    const counter = this.counter(level);
    this.levels.pop();
    const walks = [...level.walks.values()];
    const first = ({ stride, parent, bias }: Walk) => sum(parent.base, scaled(from, stride), bias);
    const starts = walks.map((walk) => walk.local.set(first(walk)));
    const next = ({ local, stride }: Walk) => i32.add(local.get(), i32.const(stride * step));
    const advance = walks.filter((walk) => walk !== counter).map((walk) => walk.local.set(next(walk)));
    const constant = typeof from === "number" && typeof to === "number";
    if (constant && to <= from) return [];
    if (constant && to - from <= step) return [starts, body];
    const last = sum(counter.parent.base, scaled(to, counter.stride), 0);
    const end = this.builder.local("i32");
    const known = isConstant(counter.parent.base) && typeof to === "number";
    const rounds = [
      starts,
      known ? [] : end.set(last),
      loop((again) => [
        body,
        advance,
        brIf(again, i32.lt_u(counter.local.tee(next(counter)), known ? last : end.get())),
      ]),
    ];
    return constant ? rounds : when(i32.lt_u(value(from), value(to)), rounds);
  }

  private pointerAt(depth: number, strides: readonly number[]): Pointer {
    const level = this.levels[depth - 1];
    if (level === undefined) return { base: zero, offset: 0 };
    const stride = strides[level.axis] ?? 0;
    if (stride === 0) return this.pointerAt(depth - 1, strides);
    const key = this.levels
      .slice(0, depth)
      .map(({ axis }) => strides[axis] ?? 0)
      .join();
    let walk = level.walks.get(key);
    if (walk === undefined) {
      const bias = stride < 0 ? -stride * ((this.extents[level.axis] as number) - 1) : 0;
      walk = { local: this.builder.local("i32"), stride, parent: this.pointerAt(depth - 1, strides), bias };
      level.walks.set(key, walk);
    }
    return { base: walk.local.get(), offset: walk.parent.offset - walk.bias };
  }

  /** The walk whose end is the loop's end. */
  private counter({ axis, walks }: Level): Walk {
    for (const walk of walks.values()) if (walk.stride > 0) return walk;
    const unit = this.extents.map((_, other) => (other === axis ? 1 : 0));
    this.pointer(unit);
    return [...walks.values()].at(-1) as Walk;
  }
}

const zero = i32.const(0);

function isConstant(base: Expr<"i32">): boolean {
  return base === zero;
}

function value(index: number | Local<"i32">): Expr<"i32"> {
  return typeof index === "number" ? i32.const(index) : index.get();
}

function scaled(index: number | Local<"i32">, stride: number): Expr<"i32"> | number {
  if (typeof index === "number") return index * stride;
  return stride === 1 ? index.get() : i32.mul(index.get(), i32.const(stride));
}

function sum(base: Expr<"i32">, part: Expr<"i32"> | number, constant: number): Expr<"i32"> {
  const known = constant + (typeof part === "number" ? part : 0);
  const parts = [
    isConstant(base) ? [] : [base],
    typeof part === "number" ? [] : [part],
    known === 0 ? [] : [i32.const(known)],
  ].flat();
  return (
    parts.reduceRight<Expr<"i32"> | undefined>(
      (total, next) => (total ? i32.add(next, total) : next),
      undefined,
    ) ?? i32.const(0)
  );
}
