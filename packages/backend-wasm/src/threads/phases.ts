import type { Kernel, Program } from "@myelin/compiler";
import type { EmittedFunction, Layout } from "../kernels/index.js";

/** A function of a kernel, and how threads run it: each its share of the units, or thread 0 alone. */
export interface Part {
  readonly emitted: EmittedFunction;
  readonly split: boolean;
  readonly touches: readonly Touch[];
}

/** A range of the memory that is read or written. */
export interface Touch {
  readonly start: number;
  readonly end: number;
  readonly writes: boolean;
}

/**
 * Cuts a step into phases: within a phase no thread touches what another one writes, between phases threads wait for each
 * other. What thread 0 does alone is in order by itself.
 */
export function phasesOf(parts: readonly Part[]): Part[][] {
  const phases: Part[][] = [[]];
  for (const part of parts) {
    const phase = phases.at(-1) as Part[];
    const waits = phase.some((other) => (part.split || other.split) && collide(part, other));
    if (waits) phases.push([part]);
    else phase.push(part);
  }
  return phases;
}

/** What a function of a kernel touches; scratch buffers that take turns in one place count as that place. */
export function touchesOf(
  kernel: Kernel,
  { buffers }: Program,
  { addresses, types }: Layout,
  { sharedBytes = 0 }: EmittedFunction,
): Touch[] {
  const touch = (buffer: number, writes: boolean): Touch => {
    const start = addresses[buffer] as number;
    const bytes = (buffers[buffer]?.elements ?? 0) * (types[buffer] === "u8" ? 1 : 4);
    return { start, end: start + bytes, writes };
  };
  const loads = kernel.body.flatMap((instruction) =>
    instruction.op === "load" ? [touch(instruction.address.buffer, false)] : [],
  );
  const operands = kernel.contraction && [kernel.contraction.left, kernel.contraction.right];
  return [
    ...loads,
    ...(operands ?? []).map(({ buffer }) => touch(buffer, false)),
    ...kernel.stores.map(({ address }) => touch(address.buffer, true)),
    // What functions of a kernel hand over to each other lies in one place for all kernels: below all addresses.
    ...(sharedBytes > 0 ? [{ start: -1, end: 0, writes: true }] : []),
  ];
}

function collide(one: Part, other: Part): boolean {
  return one.touches.some((a) =>
    other.touches.some((b) => (a.writes || b.writes) && a.start < b.end && b.start < a.end),
  );
}
