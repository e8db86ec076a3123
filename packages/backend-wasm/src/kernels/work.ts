import type { Kernel } from "@myelin/compiler";
import { i32, type Local, select, when } from "../assembler/index.js";
import { bodyEmitter } from "./body-emitter.js";
import type { BodyEmitter, EmittedFunction, KernelContext, LoopRange } from "./kernel-emitter.js";
import { origin } from "./position.js";

/** Elements of the last extent in one unit of work: 64 bytes of f32, so that two threads do not write one cache line. */
const CHUNK = 16;

/** How a kernel falls into units: by the indices of its first extent, or by chunks of its last one. */
export interface Split {
  readonly by: "rows" | "chunks";
  readonly units: number;
}

/** Rows if there are enough of them, or more of them than chunks; a kernel of one extent has chunks only. */
export function splitOf(extents: readonly number[], only?: "chunks"): Split {
  /** So many units are enough for all threads. */
  const ENOUGH_UNITS = 16;
  const rows = extents[0] as number;
  const chunks = Math.ceil((extents.at(-1) as number) / CHUNK);
  const byRows = only !== "chunks" && extents.length > 1 && (rows >= ENOUGH_UNITS || rows >= chunks);
  return byRows ? { by: "rows", units: rows } : { by: "chunks", units: chunks };
}

/** What is written inside the loops over outer extents. */
export interface Work {
  readonly body: BodyEmitter;
  /** Whether the extent of the chunks is in one piece. */
  readonly isWhole: boolean;
  /**
   * The extent of the chunks: rounds of `step` elements (a divisor of CHUNK), in a loop; what is left behind the last whole chunk,
   * or round when chunks are not split, belongs to the last unit: `rest(from)`.
   */
  inRounds(step: number, round: () => void, rest: (from: number) => void): void;
  /** The same, where every vector is by itself: `vector` is told where it begins, from the loop on, and its lanes. */
  inVectors(perRound: number, vector: (first: number, lanes: number) => void): void;
}

/**
 * A function that does the units [begin, end) of a kernel: loops over the extents in front of `stop`, and what `inside`
 * writes for the others. What does not change inside is computed in front of each loop. Chunks are cut along `axis`.
 * `before` is told which indices of the first extent are done.
 */
export function emitUnits(
  kernel: Kernel,
  context: KernelContext,
  { by, units }: Split,
  inside: (work: Work) => void,
  axis: number,
  stop: number = axis,
  before?: (body: BodyEmitter, rows: LoopRange) => void,
): EmittedFunction {
  const { family, extents } = kernel;
  const extent = extents[axis] as number;
  const isWhole = by === "rows" || units === 1;
  const run = context.module.function(family, ["i32", "i32"], "void", (builder, begin, end) => {
    const body = bodyEmitter(kernel, context, builder);

    const inRounds: Work["inRounds"] = (step, round, rest) => {
      if (isWhole) {
        const whole = extent - (extent % step);
        if (whole > 0) body.loop(axis, { to: whole, step }, round);
        if (whole < extent) rest(whole);
        return;
      }
      const whole = extent - (extent % CHUNK);
      const from = builder.local("i32");
      const to = builder.local("i32");
      const scaled = (unit: Local<"i32">) => i32.mul(unit, i32.const(CHUNK));
      body.emit(from.set(scaled(begin)), to.set(scaled(end)));
      if (whole < extent) {
        const limit = i32.const(whole);
        body.emit(to.set(select(i32.lt_u(to, limit), to, limit)));
      }
      body.loop(axis, { from, to, step }, round);
      if (whole < extent)
        body.emit(
          when(
            i32.eq(end, i32.const(units)),
            body.nested(() => rest(whole)),
          ),
        );
    };

    const inVectors: Work["inVectors"] = (perRound, vector) =>
      inRounds(
        4 * perRound,
        () => {
          for (let first = 0; first < 4 * perRound; first += 4) vector(first, 4);
        },
        (from) => {
          const whole = extent - (extent % 4);
          body.loop(axis, { from, to: whole, step: 4 }, () => vector(0, 4));
          if (whole < extent) vector(whole, extent - whole);
        },
      );

    const isSplit = by === "rows" && units > 1;
    const rows: LoopRange = isSplit ? { from: begin, to: end } : { to: extents[0] as number };
    const enter = (outer: number): void => {
      const below = extents.flatMap((_, other) => (other >= outer ? [other] : []));
      body.hoist(below, [origin(extents)]);
      if (outer === stop) {
        inside({ body, isWhole, inRounds, inVectors });
        return;
      }
      body.loop(outer, outer === 0 ? rows : { to: extents[outer] as number }, () => enter(outer + 1));
    };
    before?.(body, rows);
    enter(0);
    return body.finish();
  });
  return { run, units };
}
