import type { Kernel } from "@myelin/compiler";
import type { Local } from "../assembler/index.js";
import { lanesOf, type Vector } from "../vector-math/index.js";
import type { BodyEmitter, Position } from "./kernel-emitter.js";
import { along, count, origin, vectorsAlong } from "./position.js";
import { combineLanes, maskLanes, type Reduction, reductionsOf, sortStores, total } from "./reduction.js";

/** Sums of so few elements go from the first to the last. */
export const IN_ORDER = 16;

/** Short rows, one in each lane: no lane is idle and none has to be combined with another. Sums are in order. */
export function emitRowsInLanes(kernel: Kernel, body: BodyEmitter, first: number, lanes: number): void {
  const { extents } = kernel;
  const last = extents.length - 1;
  const rows = along(extents, last - 1, first, lanes);
  const columns = count(extents[last] as number).map((column) =>
    rows.map((lane) => [...lane.slice(0, last), column]),
  );
  emitStraight(kernel, body, columns, rows, (reduction, elements) => total(reduction, body, elements));
}

/** One row; its vectors stay in locals from one reduction to the next. */
export function emitShortRow(kernel: Kernel, body: BodyEmitter): void {
  const { extents } = kernel;
  const last = extents.length - 1;
  const length = extents[last] as number;
  const positions = vectorsAlong(extents, last, 0, length);
  emitStraight(kernel, body, positions, [origin(extents)], (reduction, vectors) => {
    if (length <= IN_ORDER) {
      const elements = vectors
        .map(body.keep)
        .flatMap((vector, i) =>
          (positions[i] as Position).map((_, lane) => lanesOf(vector, vector, [lane, lane, lane, lane])),
        );
      return total(reduction, body, elements);
    }
    const masked = vectors.map((vector, i) => maskLanes(reduction, vector, positions[i]?.length ?? 0));
    return combineLanes(reduction, body, total(reduction, body, masked));
  });
}

/** Reductions over positions one after the other, then what is stored. */
function emitStraight(
  kernel: Kernel,
  body: BodyEmitter,
  positions: readonly Position[],
  result: Position,
  totalOf: (reduction: Reduction, elements: readonly Vector[]) => Local<"v128">,
): void {
  const { elements, results } = sortStores(kernel, kernel.extents.length - 1);
  for (const reduction of reductionsOf(kernel)) {
    const inputs = positions.map((position) => body.value(reduction.input, position));
    body.define(reduction.value, result, totalOf(reduction, inputs));
  }
  for (const position of positions) body.store(elements, position);
  body.store(results, result);
}
