import { bodyEmitter } from "./body-emitter.js";
import { bodyCost } from "./cost.js";
import type { KernelEmitter } from "./kernel-emitter.js";
import { origin } from "./position.js";
import { emitRowsInLanes } from "./row-across.js";
import { emitShortRow, IN_ORDER } from "./row-along.js";
import { emitLongRow, spillBytes } from "./row-passes.js";
import { splitOf, Work } from "./split.js";

/** Up to this cost in all, short rows are computed four at a time, one in each lane. */
const ACROSS_COST = 1200;
/** Rows so short are kept in locals from one reduction to the next. */
const IN_LOCALS = 32;

/** The last extent is reduced. How depends on its length alone, so that a row gives the same bits in every batch. */
export const emitRow: KernelEmitter = (kernel, context) => {
  const { extents } = kernel;
  const last = extents.length - 1;
  const length = extents[last] as number;
  const outer = extents.slice(0, -1);
  const several = last > 0 && (extents[last - 1] as number) > 1;
  const across = several && length <= IN_ORDER && length * bodyCost(kernel) <= ACROSS_COST;
  const split = across ? splitOf(outer) : ({ by: "rows", units: outer[0] ?? 1 } as const);
  const run = context.module.function("row", ["i32", "i32"], "void", (builder, begin, end) => {
    const body = bodyEmitter(kernel, context, builder);
    const work = new Work(body, outer, split, begin, end);
    const enter = (axis: number): void => {
      body.hoist(
        extents.map((_, other) => other).filter((other) => other >= axis),
        [origin(extents)],
      );
      if (across && axis === last - 1) emitRowsInLanes(kernel, body, work);
      else if (axis < last) body.loop(axis, work.rows(axis), () => enter(axis + 1));
      else if (length <= IN_LOCALS) emitShortRow(kernel, body);
      else emitLongRow(kernel, body, context);
    };
    enter(0);
    return body.finish();
  });
  return [{ run, units: split.units, workspaceBytes: length > IN_LOCALS ? spillBytes(kernel, context) : 0 }];
};
