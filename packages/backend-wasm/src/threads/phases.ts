import type { Address, Operand, Program } from "@myelin/compiler";
import type { Layout } from "../kernels/index.js";
import type { KernelFunction } from "../module.js";

/** A function of a kernel, and how threads run it: each its share of the units, or thread 0 alone. */
export interface Part {
  /** The function's number. */
  readonly index: number;
  readonly units: number;
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
  { kernel, sharedBytes }: KernelFunction,
  { buffers }: Program,
  { addresses, types }: Layout,
): Touch[] {
  const { extents, contraction } = kernel;
  const touch = (buffer: number, first: number, last: number, writes: boolean): Touch => {
    const address = addresses[buffer] as number;
    const bytes = types[buffer] === "u8" ? 1 : 4;
    return { start: address + first * bytes, end: address + (last + 1) * bytes, writes };
  };
  const at = ({ buffer, offset, strides, indirect }: Address, writes: boolean): Touch => {
    if (indirect !== undefined) return touch(buffer, 0, (buffers[buffer]?.elements ?? 0) - 1, writes);
    return touch(buffer, ...walked(offset, extents, strides), writes);
  };
  const operand = (
    { buffer, offset, strides, contractedStrides }: Operand,
    inner: readonly number[],
  ): Touch =>
    touch(buffer, ...walked(offset, [...extents, ...inner], [...strides, ...contractedStrides]), false);
  const loads = kernel.body.flatMap((one) => (one.op === "load" ? [at(one.address, false)] : []));
  const operands = contraction === undefined ? [] : [contraction.left, contraction.right];
  return [
    ...loads,
    ...operands.map((each) => operand(each, contraction?.extents ?? [])),
    ...kernel.stores.map(({ address }) => at(address, true)),
    // What functions of a kernel hand over to each other lies in one place for all kernels: below all addresses.
    ...(sharedBytes > 0 ? [{ start: -1, end: 0, writes: true }] : []),
  ];
}

/** The first and the last element of a walk. */
function walked(
  offset: number,
  extents: readonly number[],
  strides: readonly number[],
): [first: number, last: number] {
  const reaches = extents.map((extent, axis) => (extent - 1) * (strides[axis] as number));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, offset);
  return [sum(reaches.map((reach) => Math.min(0, reach))), sum(reaches.map((reach) => Math.max(0, reach)))];
}

function collide(one: Part, other: Part): boolean {
  return one.touches.some((a) =>
    other.touches.some((b) => (a.writes || b.writes) && a.start < b.end && b.start < a.end),
  );
}
