import { type Node, obtain, sizeOf, type Tensor } from "@myelin/tensor";
import type { TypedArray } from "./backend.js";
import { ownsMemory } from "./computed.js";
import { numberType } from "./expression.js";
import { planArena } from "./plan.js";
import {
  arrayTypes,
  type BufferId,
  type Kernel,
  type Place,
  type Program,
  type StorageType,
  spaceFor,
} from "./program.js";
import { readsOf, type Walk, withWalks } from "./walk.js";

/** Constants as memory holds them: programs that have the same one hold it once. */
const storedConstants = new WeakMap<object, TypedArray>();

/** Numbers the buffers in order of use, and gives each a place. `aliases` live in the buffer of another. */
export function assemble(
  name: string,
  order: readonly Kernel[],
  results: readonly (readonly [name: string, buffer: BufferId])[],
  tensors: readonly Tensor[],
  aliases: ReadonlyMap<BufferId, BufferId>,
): Program {
  /** By provisional number; in order of the final numbers. */
  const numbers = new Map<BufferId, BufferId>();
  const numberOf = (buffer: BufferId): BufferId => {
    const held = aliases.get(buffer) ?? buffer;
    return obtain(numbers, held, () => numbers.size);
  };
  const renumber = <Kind extends Walk & { buffer?: BufferId }>(walk: Kind): Kind =>
    walk.buffer === undefined ? walk : { ...walk, buffer: numberOf(walk.buffer) };
  const kernels = order.map((kernel) => withWalks(kernel, renumber));
  const outputs = Object.fromEntries(results.map(([key, buffer]) => [key, numberOf(buffer)]));
  const uses = kernels.map(
    (kernel) =>
      new Set(
        [...readsOf(kernel), ...kernel.stores.map(({ address }) => address)].map(({ buffer }) => buffer),
      ),
  );
  const inputs: Record<string, BufferId> = {};
  const drafts = [...numbers].map(([provisional, number]) => {
    const tensor = tensors[provisional] as Tensor;
    const { op, shape } = tensor;
    const isNamed = op === "parameter" || op === "input";
    const name = isNamed ? (tensor as Node<"parameter">).attributes.name : `${op}_${number}`;
    if (op === "input") inputs[name] = number;
    const dtype: StorageType = tensor.dtype === "u8" && ownsMemory(tensor) ? "u8" : numberType(tensor.dtype);
    const elements = sizeOf(shape);
    const always = op === "input" || Object.values(outputs).includes(number);
    return {
      spec: { name, dtype, shape, elements },
      place: placeOf(tensor, dtype),
      bytes: elements * arrayTypes[dtype].BYTES_PER_ELEMENT,
      first: always ? 0 : uses.findIndex((used) => used.has(number)),
      last: always ? kernels.length : uses.findLastIndex((used) => used.has(number)),
    };
  });
  const starts = planArena(drafts.filter(({ place }) => !place));
  return {
    name,
    buffers: drafts.map((draft) => ({
      ...draft.spec,
      place: draft.place ?? { kind: "scratch", byteOffset: starts.get(draft) as number },
    })),
    kernels,
    scratchBytes: Math.max(0, ...[...starts].map(([{ bytes }, start]) => start + spaceFor(bytes))),
    inputs,
    outputs,
  };
}

/** Undefined for what lives in the arena. */
function placeOf(tensor: Tensor, dtype: StorageType): Place | undefined {
  if (tensor.op === "parameter") return { kind: "variable", variable: tensor };
  if (tensor.op !== "constant") return undefined;
  const { data } = (tensor as Node<"constant">).attributes;
  return { kind: "constant", data: obtain(storedConstants, data, () => arrayTypes[dtype].from(data)) };
}
