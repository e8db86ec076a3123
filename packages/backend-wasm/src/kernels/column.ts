import type { Kernel } from "@myelin/compiler";
import type { Local } from "../assembler/index.js";
import { bodyCost } from "./cost.js";
import type { BodyEmitter, KernelEmitter, Position } from "./kernel-emitter.js";
import { count, vectorsAlong } from "./position.js";
import { include, reductionsOf, sortStores, total } from "./reduction.js";
import { emitUnits, splitOf, type Work } from "./work.js";

/**
 * [...outer, reduced, columns]: up to four vectors of columns at a time are accumulated in locals while a loop runs down
 * the rows. Every column is added up in order, long ones in four parts where there are few columns.
 */
export const emitColumn: KernelEmitter = (kernel, context) => {
  const { extents } = kernel;
  const last = extents.length - 1;
  const reduced = last - 1;
  const columns = extents[last] as number;
  const atOnce = reductionsOf(kernel).length > 2 ? 8 : 16;
  const blocks = ({ body, inRounds }: Work): void => {
    const block = (first: number): void =>
      emitBlock(kernel, body, vectorsAlong(extents, last, first, Math.min(atOnce, columns - first)));
    inRounds(
      atOnce,
      () => block(0),
      (from) => {
        for (let first = from; first < columns; first += atOnce) body.scope(() => block(first));
      },
    );
  };
  const split = splitOf(reduced === 0 ? extents.slice(1) : extents);
  return [emitUnits(kernel, context, split, blocks, last, reduced)];
};

function emitBlock(kernel: Kernel, body: BodyEmitter, positions: readonly Position[]): void {
  /** Rows of at most this cost together become straight code. */
  const STRAIGHT_COST = 128;
  /** From this length on a few columns are added up by four accumulators each: one addition waits for the one before. */
  const LONG_COLUMN = 64;
  const { extents } = kernel;
  const reduced = extents.length - 2;
  const rows = extents[reduced] as number;
  const { elements, results } = sortStores(kernel, reduced);
  for (const position of positions) body.hoist([reduced], position);
  const chains = rows >= LONG_COLUMN && positions.length <= 2 ? 4 : 1;
  const sums = reductionsOf(kernel).map((reduction) => ({
    reduction,
    totals: positions.map(() => count(chains).map(() => body.keep(reduction.identity))),
  }));
  const row = (index: number): void =>
    body.scope(() => {
      positions.forEach((position, vector) => {
        const here = position.map((lane) => lane.map((at, axis) => (axis === reduced ? index : at)));
        for (const { reduction, totals } of sums) {
          const chain = totals[vector]?.[index % chains] as Local<"v128">;
          include(reduction, body, chain, body.value(reduction.input, here));
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
  for (const { reduction, totals } of sums)
    positions.forEach((position, vector) => {
      body.define(reduction.value, position, total(reduction, body, totals[vector] as Local<"v128">[]));
    });
  for (const position of positions) body.store(results, position);
}
