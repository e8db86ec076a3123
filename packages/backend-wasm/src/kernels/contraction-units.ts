import type { Kernel } from "@myelin/compiler";
import { type Expr, type FunctionBuilder, forRange, i32, type Local, select } from "../assembler/index.js";
import type { ContractionPlan, Section } from "./contraction-plan.js";
import type { BodyEmitter } from "./kernel-emitter.js";

/** Where the units of a section are written. */
export interface UnitContext {
  readonly kernel: Kernel;
  readonly plan: ContractionPlan;
  readonly section: Section;
  readonly builder: FunctionBuilder;
  readonly body: BodyEmitter;
}

/** What is written inside the loop over units: one panel of columns, some rows. */
export interface Unit {
  /** A number that changes with the panel, never 0. */
  readonly panelNumber: Expr<"i32">;
  /** Loops down the rows of the unit, `step` at a time; `inside` is told how many rows it gets. May be used several times. */
  rows(step: number, inside: (rows: number) => void): void;
}

type Index = number | Local<"i32">;

/** A loop over those units of the section that lie in [begin, end): number = (batch x panels + panel) x blocks + block. */
export function eachUnit(context: UnitContext, begin: Local<"i32">, end: Local<"i32">, inside: (unit: Unit) => void): void {
  const { kernel, plan, section, builder, body } = context;
  const { firstUnit, units, firstColumn, columns, panels, blocks, blockSize } = section;
  const { batches, outer, rows } = plan;
  const extentsOf = (axes: readonly number[]) => axes.map((axis) => kernel.extents[axis] as number);
  const number = builder.local("i32");
  const last = builder.local("i32");
  const rowCount = rows === undefined ? 1 : (kernel.extents[rows] as number);
  const blocked = extentsOf(outer).reduce((product, extent) => product * extent, 1);

  /** Loops of one round: an index that is known by other means. */
  const at = (axes: readonly number[], indices: readonly Index[], inner: () => void): void => {
    const [axis, ...further] = axes;
    const [index, ...others] = indices;
    if (axis === undefined || index === undefined) return inner();
    const next = typeof index === "number" ? index + 1 : computed(i32.add(index.get(), i32.const(1)));
    body.loop(axis, { from: index, to: next }, () => at(further, others, inner));
  };
  const computed = (value: Expr<"i32">): Local<"i32"> => {
    const local = builder.local("i32");
    body.emit(local.set(value));
    return local;
  };
  /** The digits of a number in mixed radix, most significant first. */
  const digits = (value: Local<"i32">, radices: readonly number[]): Index[] => {
    const significant = radices.findIndex((radix) => radix > 1);
    let rest = value;
    const result: Index[] = radices.map(() => 0);
    for (let i = radices.length - 1; i >= significant && i >= 0; i--) {
      const radix = i32.const(radices[i] as number);
      if (radices[i] === 1) continue;
      result[i] = i === significant ? rest : computed(i32.rem_u(rest.get(), radix));
      if (i > significant) rest = computed(i32.div_u(rest.get(), radix));
    }
    return result;
  };
  const run = (from: Index, to: Index, step: number, tile: (rows: number) => void): void => {
    if (rows === undefined) return tile(1);
    const rest = rowCount % step;
    const whole = rowCount - rest;
    const end = typeof to === "number" ? Math.min(to, whole) : rest ? computed(smaller(to, whole)) : to;
    body.loop(rows, { from, to: end, step }, () => tile(step));
    if (rest > 0) body.loop(rows, { from: whole, to, step: rest }, () => tile(rest));
  };

  const alone = units === plan.units;
  body.emit(
    number.set(alone ? begin.get() : larger(begin, firstUnit)),
    last.set(alone ? end.get() : smaller(end, firstUnit + units)),
  );
  const each = body.nested(() => {
    const index = firstUnit === 0 ? number : computed(i32.sub(number.get(), i32.const(firstUnit)));
    const found = digits(index, [...extentsOf(batches), panels, blocks]);
    const block = found.pop() as Index;
    const panel = found.pop() as Index;
    const limit = outer.length > 0 ? blocked : rowCount;
    const from = typeof block === "number" ? 0 : computed(i32.mul(block.get(), i32.const(blockSize)));
    const to = typeof from === "number" ? limit : computed(smaller(computed(i32.add(from.get(), i32.const(blockSize))), limit));
    const column =
      typeof panel === "number"
        ? firstColumn
        : computed(i32.add(i32.mul(panel.get(), i32.const(columns)), i32.const(firstColumn)));
    at([...batches, plan.columns], [...found, column], () =>
      inside({
        panelNumber: i32.add(typeof block === "number" ? number.get() : i32.sub(number.get(), block.get()), i32.const(1)),
        rows(step, tile) {
          if (outer.length === 0) return run(from, to, step, tile);
          const position = builder.local("i32");
          const lines = body.nested(() =>
            at(outer, digits(position, extentsOf(outer)), () => run(0, rowCount, step, tile)),
          );
          body.emit(forRange(position, { from: typeof from === "number" ? from : from.get(), to: typeof to === "number" ? to : to.get() }, lines));
        },
      }),
    );
  });
  body.emit(forRange(number, { from: number.get(), to: last.get() }, each));
}

function smaller(a: Local<"i32">, b: number): Expr<"i32"> {
  return select(i32.lt_u(a.get(), i32.const(b)), a.get(), i32.const(b));
}

function larger(a: Local<"i32">, b: number): Expr<"i32"> {
  return select(i32.gt_u(a.get(), i32.const(b)), a.get(), i32.const(b));
}
