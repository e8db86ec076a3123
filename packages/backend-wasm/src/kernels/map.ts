import { bodyCost } from "./cost.js";
import type { KernelEmitter } from "./kernel-emitter.js";
import { along, origin, vectorsAlong, vectorsOf } from "./position.js";
import { emitUnits, splitOf, type Work } from "./work.js";

/** A kernel of at most this cost becomes straight code. */
const STRAIGHT_COST = 256;
const STRAIGHT_VECTORS = 32;
/** A round of the inner loop takes 1, 2 or 4 vectors, at most of this cost together. */
const ROUND_COST = 32;

/** Every position on its own: straight code when there are few, otherwise loops, whose innermost takes 4 to 16 at a time. */
export const emitMap: KernelEmitter = (kernel, context) => {
  const { extents, stores } = kernel;
  const last = extents.length - 1;
  const extent = extents[last] as number;
  const cost = bodyCost(kernel);
  const size = extents.reduce((product, each) => product * each, 1);
  const isShort = (elements: number, most: number) => {
    const vectors = Math.ceil(elements / 4);
    return vectors <= most && vectors * cost <= STRAIGHT_COST;
  };
  const straight = ({ body }: Work): void => {
    for (const position of vectorsOf(extents)) body.store(stores, position);
  };
  const accumulates = stores.some(({ accumulate }) => accumulate);
  // Neighbours in row-major order may collide when they are added to memory.
  if (!accumulates && isShort(size, STRAIGHT_VECTORS))
    return [emitUnits("map", kernel, context, { by: "rows", units: 1 }, straight, 0)];
  const perRound = cost * 4 <= ROUND_COST ? 4 : cost * 2 <= ROUND_COST ? 2 : 1;
  const lines = ({ body, isWhole, inVectors }: Work): void => {
    if (isWhole && isShort(extent, STRAIGHT_VECTORS / 2)) {
      for (const position of vectorsAlong(extents, last, 0, extent))
        body.scope(() => body.store(stores, position));
    } else {
      inVectors(perRound, (first, lanes) =>
        body.scope(() => body.store(stores, along(last, origin(extents, last, first), lanes))),
      );
    }
  };
  return [
    emitUnits("map", kernel, context, splitOf(extents, accumulates ? "chunks" : undefined), lines, last),
  ];
};
