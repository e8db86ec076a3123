import type { Kernel } from "@myelin/compiler";
import type { Local } from "../assembler/index.js";
import { bodyEmitter } from "./body-emitter.js";
import { bodyCost } from "./cost.js";
import type { BodyEmitter, KernelEmitter, Position } from "./kernel-emitter.js";
import { along, origin } from "./position.js";
import { include, type Reduction, reductionsOf, sortStores } from "./reduction.js";
import { splitOf, Work } from "./split.js";

/** Rows of at most this cost together become straight code. */
const STRAIGHT_COST = 128;
/** From this length on a few columns are added up by four accumulators each: one addition waits for the one before. */
const LONG_COLUMN = 64;

/**
 * [...outer, reduced, columns]: up to four vectors of columns at a time are accumulated in locals while a loop runs down
 * the rows. Every column is added up in order, long ones in four parts where there are few columns.
 */
export const emitColumn: KernelEmitter = (kernel, context) => {
  const { extents } = kernel;
  const reduced = extents.length - 2;
  const split = splitOf(reduced === 0 ? extents.slice(1) : extents);
  const run = context.module.function("column", ["i32", "i32"], "void", (builder, begin, end) => {
    const body = bodyEmitter(kernel, context, builder);
    const work = new Work(body, extents, split, begin, end);
    const enter = (axis: number): void => {
      body.hoist(
        extents.map((_, other) => other).filter((other) => other >= axis),
        [origin(extents)],
      );
      if (axis === reduced) emitBlocks(kernel, body, work);
      else body.loop(axis, work.rows(axis), () => enter(axis + 1));
    };
    enter(0);
    return body.finish();
  });
  return [{ run, units: split.units }];
};

function emitBlocks(kernel: Kernel, body: BodyEmitter, work: Work): void {
  const last = kernel.extents.length - 1;
  const extent = kernel.extents[last] as number;
  const reductions = reductionsOf(kernel);
  const vectors = reductions.length > 2 ? 2 : 4;
  work.columns(
    4 * vectors,
    () => emitBlock(kernel, body, reductions, 0, 4 * vectors),
    (from) => {
      for (let column = from; column < extent; column += 4 * vectors) {
        const count = Math.min(4 * vectors, extent - column);
        body.scope(() => emitBlock(kernel, body, reductions, column, count));
      }
    },
  );
}

/** Columns [first, first + count), counted from the loop around. */
function emitBlock(
  kernel: Kernel,
  body: BodyEmitter,
  reductions: readonly Reduction[],
  first: number,
  count: number,
): void {
  const { extents } = kernel;
  const reduced = extents.length - 2;
  const rows = extents[reduced] as number;
  const { elements, results } = sortStores(kernel, reduced);
  const starts = Array.from({ length: Math.ceil(count / 4) }, (_, vector) => first + 4 * vector);
  const positions = starts.map((start) =>
    along(reduced + 1, origin(extents, reduced + 1, start), Math.min(4, first + count - start)),
  );
  for (const position of positions) body.hoist([reduced], position);
  const chains = rows >= LONG_COLUMN && positions.length <= 2 ? 4 : 1;
  const sums = reductions.map((reduction) => ({
    reduction,
    totals: positions.map(() =>
      Array.from({ length: chains }, () => {
        const total = body.local();
        body.emit(total.set(reduction.identity));
        return total;
      }),
    ),
  }));
  const row = (index: number): void =>
    body.scope(() => {
      positions.forEach((position, vector) => {
        const here = position.map((lane) => lane.map((at, axis) => (axis === reduced ? index : at)));
        for (const { reduction, totals } of sums) {
          const total = totals[vector]?.[index % chains] as Local<"v128">;
          include(reduction, body, total, body.value(reduction.input, here));
        }
        body.store(elements, here);
      });
    });
  const straight = rows * positions.length * bodyCost(kernel) <= STRAIGHT_COST;
  const whole = straight ? 0 : rows - (rows % chains);
  body.loop(reduced, { to: whole, step: chains }, () => {
    for (let index = 0; index < chains; index++) row(index);
  });
  for (let index = whole; index < rows; index++) row(index);
  for (const { reduction, totals } of sums) {
    totals.forEach(([total, ...others], vector) => {
      for (const other of others) include(reduction, body, total as Local<"v128">, other.get());
      body.define(reduction.value, positions[vector] as Position, total as Local<"v128">);
    });
  }
  for (const position of positions) body.store(results, position);
}
