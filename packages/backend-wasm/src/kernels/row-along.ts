import type { Kernel } from "@myelin/compiler";
import type { BodyEmitter, Position } from "./kernel-emitter.js";
import { along, origin } from "./position.js";
import {
  combineLanes,
  include,
  maskLanes,
  type Reduction,
  reductionsOf,
  sortStores,
  spreadLane,
} from "./reduction.js";

/** Sums of so few elements go from the first to the last, as where four rows are computed at a time. */
export const IN_ORDER = 16;

/** One row in straight code; its vectors stay in locals from one reduction to the next. */
export function emitShortRow(kernel: Kernel, body: BodyEmitter): void {
  const { extents } = kernel;
  const last = extents.length - 1;
  const length = extents[last] as number;
  const { elements, results } = sortStores(kernel, last);
  const positions = Array.from({ length: Math.ceil(length / 4) }, (_, vector) =>
    along(last, origin(extents, last, 4 * vector), Math.min(4, length - 4 * vector)),
  );
  for (const reduction of reductionsOf(kernel)) {
    if (length <= IN_ORDER) reduceInOrder(reduction, body, positions);
    else reduceInLanes(reduction, body, positions);
  }
  for (const position of positions) body.store(elements, position);
  body.store(results, [origin(extents)]);
}

function reduceInOrder(reduction: Reduction, body: BodyEmitter, positions: readonly Position[]): void {
  const total = body.local();
  positions.forEach((position, index) => {
    const vector = body.local();
    body.emit(vector.set(body.value(reduction.input, position)));
    position.forEach((_, lane) => {
      const element = spreadLane(vector.get(), lane);
      if (index + lane === 0) body.emit(total.set(element));
      else include(reduction, body, total, element);
    });
  });
  body.define(reduction.value, positions[0] as Position, total);
}

function reduceInLanes(reduction: Reduction, body: BodyEmitter, positions: readonly Position[]): void {
  const total = body.local();
  positions.forEach((position, index) => {
    const vector = maskLanes(reduction, body.value(reduction.input, position), position.length);
    if (index === 0) body.emit(total.set(vector));
    else include(reduction, body, total, vector);
  });
  combineLanes(reduction, body, total);
  body.define(reduction.value, positions[0] as Position, total);
}
