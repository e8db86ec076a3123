import {
  addressMoves,
  dependsOn,
  type Instruction,
  type Kernel,
  type Store,
  type Value,
} from "@myelin/compiler";
import { f32x4, i8x16, i32x4, type Local, v128 } from "../assembler/index.js";
import type { Vector } from "../vector-math/index.js";
import type { BodyEmitter } from "./kernel-emitter.js";
import { largest } from "./operations.js";

/** A `reduce` instruction of a kernel, as code. */
export interface Reduction {
  readonly value: Value;
  readonly input: Value;
  /** Leaves other values as they are when combined with them, but for the sign of a zero. */
  readonly identity: Vector;
  combine(a: Vector, b: Local<"v128">): Vector;
}

export function reductionsOf({ body }: Kernel): Reduction[] {
  return body.flatMap((instruction, value) =>
    instruction.op === "reduce" ? [reductionOf(instruction, value)] : [],
  );
}

function reductionOf(
  { reduction, type, input }: Extract<Instruction, { op: "reduce" }>,
  value: Value,
): Reduction {
  if (reduction === "sum") {
    const add = type === "f32" ? f32x4.add : i32x4.add;
    return { value, input, identity: i32x4.const(0), combine: (a, b) => add(a, b.get()) };
  }
  return type === "f32"
    ? { value, input, identity: f32x4.const(Number.NEGATIVE_INFINITY), combine: largest }
    : { value, input, identity: i32x4.const(-(2 ** 31)), combine: (a, b) => i32x4.max_s(a, b.get()) };
}

/** Stores at every element, and stores that happen once when the extent is reduced. */
export function sortStores(
  { body, stores }: Kernel,
  reduced: number,
): { readonly elements: readonly Store[]; readonly results: readonly Store[] } {
  const depends = dependsOn(body, reduced);
  const isElement = ({ value, address }: Store) =>
    depends[value] === true || addressMoves(address, reduced, depends);
  return { elements: stores.filter(isElement), results: stores.filter((store) => !isElement(store)) };
}

/** The first `lanes` lanes of a vector, and the identity in the others. */
export function maskLanes({ identity }: Reduction, vector: Vector, lanes: number): Vector {
  if (lanes === 4) return vector;
  return v128.bitselect(vector, identity, i32x4.const([0, 1, 2, 3].map((lane) => (lane < lanes ? -1 : 0))));
}

/** Adds an element to a total. */
export function include(
  { combine }: Reduction,
  body: BodyEmitter,
  total: Local<"v128">,
  element: Vector,
): void {
  const local = body.local();
  body.emit(local.set(element), total.set(combine(total.get(), local)));
}

/** All four lanes combined, in every lane: halves with each other, then neighbours. */
export function combineLanes(reduction: Reduction, body: BodyEmitter, total: Local<"v128">): void {
  const swap = (lanes: readonly number[]) => {
    const bytes = lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
    include(reduction, body, total, i8x16.shuffle(total.get(), total.get(), bytes));
  };
  swap([2, 3, 0, 1]);
  swap([1, 0, 3, 2]);
}

/** One lane in every lane. */
export function spreadLane(vector: Vector, lane: number): Vector {
  const bytes = [0, 1, 2, 3].map((byte) => 4 * lane + byte);
  return i8x16.shuffle(vector, vector, [...bytes, ...bytes, ...bytes, ...bytes]);
}
