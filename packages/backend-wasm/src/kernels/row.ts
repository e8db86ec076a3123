import { bodyCost } from "./cost.js";
import type { KernelEmitter } from "./kernel-emitter.js";
import { emitLongRow, planLongRow } from "./row-passes.js";
import { emitRowsInLanes, emitShortRow, IN_ORDER } from "./row-straight.js";
import { emitUnits, splitOf } from "./work.js";

/** The last extent is reduced. How depends on its length alone, so that a row gives the same bits in every batch. */
export const emitRow: KernelEmitter = (kernel, context) => {
  /** Up to this cost in all, short rows are computed four at a time, one in each lane. */
  const ACROSS_COST = 1200;
  /** Rows so short are kept in locals from one reduction to the next. */
  const IN_LOCALS = 32;
  const { extents } = kernel;
  const last = extents.length - 1;
  const length = extents[last] as number;
  const several = last > 0 && (extents[last - 1] as number) > 1;
  if (several && length <= IN_ORDER && length * bodyCost(kernel) <= ACROSS_COST) {
    const split = splitOf(extents.slice(0, -1));
    return [
      emitUnits(
        kernel,
        context,
        split,
        ({ body, inVectors }) =>
          inVectors(1, (first, lanes) => body.scope(() => emitRowsInLanes(kernel, body, first, lanes))),
        last - 1,
      ),
    ];
  }
  const split = { by: "rows", units: last > 0 ? (extents[0] as number) : 1 } as const;
  if (length <= IN_LOCALS)
    return [emitUnits(kernel, context, split, ({ body }) => emitShortRow(kernel, body), last)];
  const plan = planLongRow(kernel, context);
  const run = emitUnits(kernel, context, split, ({ body }) => emitLongRow(kernel, body, context, plan), last);
  return [{ ...run, workspaceBytes: plan.bytes }];
};
