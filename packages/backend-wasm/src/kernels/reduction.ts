import {
  addressMoves,
  dependsOn,
  type Instruction,
  type Kernel,
  type Store,
  type Value,
} from "@myelin/compiler";
import { f32x4, i32x4, type Local, v128 } from "../assembler/index.js";
import { lanesOf, type Vector } from "../vector-math/index.js";
import type { BodyEmitter } from "./kernel-emitter.js";
import { largest } from "./operations.js";

/** A `reduce` instruction of a kernel, as code. */
export interface Reduction {
  readonly value: Value;
  readonly input: Value;
  /** Leaves other values as they are when combined with them, but for the sign of a zero. */
  readonly identity: Vector;
  combine(a: Vector, b: Vector): Vector;
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
  const isFloat = type === "f32";
  if (reduction === "sum")
    return { value, input, identity: i32x4.const(0), combine: (isFloat ? f32x4 : i32x4).add };
  return isFloat
    ? { value, input, identity: f32x4.const(-Infinity), combine: largest }
    : { value, input, identity: i32x4.const(-(2 ** 31)), combine: i32x4.max_s };
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
  const kept = body.keep(element);
  body.emit(total.set(combine(total, kept)));
}

/** All elements in one total, from the first to the last. */
export function total(
  reduction: Reduction,
  body: BodyEmitter,
  [first, ...others]: readonly Vector[],
): Local<"v128"> {
  const sum = body.keep(first as Vector);
  for (const element of others) include(reduction, body, sum, element);
  return sum;
}

/** All four lanes combined, in every lane: halves with each other, then neighbours. */
export function combineLanes(reduction: Reduction, body: BodyEmitter, total: Local<"v128">): Local<"v128"> {
  include(reduction, body, total, lanesOf(total, total, [2, 3, 0, 1]));
  include(reduction, body, total, lanesOf(total, total, [1, 0, 3, 2]));
  return total;
}
