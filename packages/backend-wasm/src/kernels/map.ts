import type { Kernel } from "@myelin/compiler";
import { bodyEmitter } from "./body-emitter.js";
import { bodyCost } from "./cost.js";
import type { BodyEmitter, KernelEmitter } from "./kernel-emitter.js";
import { along, flat, origin } from "./position.js";
import { splitOf, Work } from "./split.js";

/** A kernel of at most this cost becomes straight code. */
const STRAIGHT_COST = 256;
const STRAIGHT_VECTORS = 32;
/** A round of the inner loop takes 1, 2 or 4 vectors, at most of this cost together. */
const ROUND_COST = 32;

/** Every position on its own: straight code when there are few, otherwise loops, whose innermost takes 4 to 16 at a time. */
export const emitMap: KernelEmitter = (kernel, context) => {
  const { extents, stores } = kernel;
  const size = extents.reduce((product, extent) => product * extent, 1);
  const vectors = Math.ceil(size / 4);
  const accumulates = stores.some(({ accumulate }) => accumulate);
  // Neighbours in row-major order may collide when they are added to memory.
  const straight = !accumulates && vectors <= STRAIGHT_VECTORS && vectors * bodyCost(kernel) <= STRAIGHT_COST;
  const split = splitOf(extents, accumulates ? "chunks" : undefined);
  const run = context.module.function("map", ["i32", "i32"], "void", (builder, begin, end) => {
    const body = bodyEmitter(kernel, context, builder);
    if (straight) {
      for (let start = 0; start < size; start += 4)
        body.store(stores, flat(extents, start, Math.min(4, size - start)));
    } else {
      emitLoops(kernel, body, new Work(body, extents, split, begin, end));
    }
    return body.finish();
  });
  return [{ run, units: straight ? 1 : split.units }];
};

function emitLoops(kernel: Kernel, body: BodyEmitter, work: Work): void {
  const { extents } = kernel;
  const last = extents.length - 1;
  const enter = (axis: number): void => {
    // What does not change from here on is computed in front of the loop.
    body.hoist(
      extents.map((_, other) => other).filter((other) => other >= axis),
      [origin(extents)],
    );
    if (axis === last) emitLine(kernel, body, work);
    else body.loop(axis, work.rows(axis), () => enter(axis + 1));
  };
  enter(0);
}

function emitLine(kernel: Kernel, body: BodyEmitter, work: Work): void {
  const { extents, stores } = kernel;
  const last = extents.length - 1;
  const extent = extents[last] as number;
  const cost = bodyCost(kernel);
  const emitAt = (index: number, lanes: number): void =>
    body.scope(() => body.store(stores, along(last, origin(extents, last, index), lanes)));
  const vectors = Math.ceil(extent / 4);
  if (work.isWhole && vectors <= STRAIGHT_VECTORS / 2 && vectors * cost <= STRAIGHT_COST) {
    for (let index = 0; index < extent; index += 4) emitAt(index, Math.min(4, extent - index));
    return;
  }
  const unrolled = cost * 4 <= ROUND_COST ? 4 : cost * 2 <= ROUND_COST ? 2 : 1;
  work.columns(
    4 * unrolled,
    () => {
      for (let vector = 0; vector < unrolled; vector++) emitAt(4 * vector, 4);
    },
    (from) => {
      const whole = extent - (extent % 4);
      body.loop(last, { from, to: whole, step: 4 }, () => emitAt(0, 4));
      if (whole < extent) emitAt(whole, extent - whole);
    },
  );
}
