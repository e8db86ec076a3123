import { i32, type Local, select, when } from "../assembler/index.js";
import type { BodyEmitter, LoopRange } from "./kernel-emitter.js";

/** Elements of the last extent in one unit of work: 64 bytes of f32, so that two threads do not write one cache line. */
export const CHUNK = 16;
/** So many units are enough for all threads. */
const ENOUGH_UNITS = 16;

/** How a kernel falls into units: by the indices of its first extent, or by chunks of its last one. */
export interface Split {
  readonly by: "rows" | "chunks";
  readonly units: number;
}

/** Rows if there are enough of them, or more of them than chunks; a kernel of one extent has chunks only. */
export function splitOf(extents: readonly number[], only?: "chunks"): Split {
  const rows = extents[0] as number;
  const chunks = Math.ceil((extents.at(-1) as number) / CHUNK);
  const byRows = only !== "chunks" && extents.length > 1 && (rows >= ENOUGH_UNITS || rows >= chunks);
  return byRows ? { by: "rows", units: rows } : { by: "chunks", units: chunks };
}

/** The units [begin, end) as ranges of loops. */
export class Work {
  private readonly body: BodyEmitter;
  private readonly extents: readonly number[];
  private readonly split: Split;
  private readonly begin: Local<"i32">;
  private readonly end: Local<"i32">;

  constructor(
    body: BodyEmitter,
    extents: readonly number[],
    split: Split,
    begin: Local<"i32">,
    end: Local<"i32">,
  ) {
    this.body = body;
    this.extents = extents;
    this.split = split;
    this.begin = begin;
    this.end = end;
  }

  /** Whether the last extent is in one piece. */
  get isWhole(): boolean {
    return this.split.by === "rows" || this.split.units === 1;
  }

  /** The range of a loop over an extent that is not the last. */
  rows(axis: number): LoopRange {
    if (axis === 0 && this.split.by === "rows" && this.split.units > 1)
      return { from: this.begin, to: this.end };
    return { to: this.extents[axis] as number };
  }

  /**
   * The last extent: rounds of `step` elements (a divisor of CHUNK), in a loop; what is left behind the last whole chunk,
   * or round when chunks are not split, belongs to the last unit: `rest(from)`.
   */
  columns(step: number, round: () => void, rest: (from: number) => void): void {
    const { body, split } = this;
    const axis = this.extents.length - 1;
    const extent = this.extents[axis] as number;
    if (this.isWhole) {
      const whole = extent - (extent % step);
      if (whole > 0) body.loop(axis, { to: whole, step }, round);
      if (whole < extent) rest(whole);
      return;
    }
    const whole = extent - (extent % CHUNK);
    const from = body.builder.local("i32");
    const to = body.builder.local("i32");
    const scaled = (unit: Local<"i32">) => i32.mul(unit.get(), i32.const(CHUNK));
    const limit = i32.const(whole);
    body.emit(from.set(scaled(this.begin)), to.set(scaled(this.end)));
    if (whole < extent) body.emit(to.set(select(i32.lt_u(to.get(), limit), to.get(), limit)));
    body.loop(axis, { from, to, step }, round);
    if (whole < extent) {
      const last = body.nested(() => rest(whole));
      body.emit(when(i32.eq(this.end.get(), i32.const(split.units)), last));
    }
  }
}
