import { type Node, sizeOf, type Tensor } from "@myelin/tensor";
import { isLeaf } from "./computed.js";
import { planArena, spaceFor } from "./plan.js";
import {
  arrayTypes,
  type BufferId,
  type BufferSpec,
  type Kernel,
  type Place,
  type Program,
  type StorageType,
} from "./program.js";
import { readsOf, type Walk, withWalks } from "./walk.js";

/** Numbers the buffers in order of use, and gives each a place. `aliases` live in the buffer of another. */
export function assemble(
  name: string,
  order: readonly Kernel[],
  results: Readonly<Record<string, BufferId>>,
  tensors: readonly Tensor[],
  aliases: ReadonlyMap<BufferId, BufferId>,
): Program {
  /** By provisional number; in order of the final numbers. */
  const numbers = new Map<BufferId, BufferId>();
  const numberOf = (buffer: BufferId): BufferId => {
    const held = aliases.get(buffer) ?? buffer;
    const number = numbers.get(held) ?? numbers.size;
    numbers.set(held, number);
    return number;
  };
  const renumber = <Kind extends Walk & { buffer?: BufferId }>(walk: Kind): Kind =>
    walk.buffer === undefined ? walk : { ...walk, buffer: numberOf(walk.buffer) };
  const kernels = order.map((kernel) => withWalks(kernel, renumber));
  const outputs = Object.fromEntries(Object.entries(results).map(([key, buffer]) => [key, numberOf(buffer)]));
  const inputs: Record<string, BufferId> = {};
  const uses = kernels.map(
    (kernel) =>
      new Set(
        [...readsOf(kernel), ...kernel.stores.map(({ address }) => address)].map(({ buffer }) => buffer),
      ),
  );
  const drafts = [...numbers].map(([provisional, number]) => {
    const tensor = tensors[provisional] as Tensor;
    const dtype = storageType(tensor);
    const elements = sizeOf(tensor.shape);
    if (tensor.op === "input") inputs[nameOf(tensor, number)] = number;
    const always = tensor.op === "input" || Object.values(outputs).includes(number);
    return {
      tensor,
      dtype,
      elements,
      name: nameOf(tensor, number),
      bytes: elements * (dtype === "u8" ? 1 : 4),
      first: always ? 0 : uses.findIndex((used) => used.has(number)),
      last: always ? kernels.length : uses.findLastIndex((used) => used.has(number)),
    };
  });
  const starts = planArena(
    drafts.filter(({ tensor }) => tensor.op !== "parameter" && tensor.op !== "constant"),
  );
  const ends = [...starts].map(([buffer, start]) => start + spaceFor(buffer));
  return {
    name,
    buffers: drafts.map((draft): BufferSpec => {
      const { tensor, name, dtype, elements } = draft;
      return { name, dtype, shape: tensor.shape, elements, place: placeOf(tensor, dtype, starts.get(draft)) };
    }),
    kernels,
    scratchBytes: Math.max(0, ...ends),
    inputs,
    outputs,
  };
}

function nameOf(tensor: Tensor, number: number): string {
  return tensor.op === "parameter" || tensor.op === "input"
    ? (tensor as Node<"parameter">).attributes.name
    : `${tensor.op}_${number}`;
}

function storageType(tensor: Tensor): StorageType {
  if (tensor.dtype === "f32") return "f32";
  return tensor.dtype === "u8" && isLeaf(tensor) ? "u8" : "i32";
}

function placeOf(tensor: Tensor, dtype: StorageType, byteOffset = 0): Place {
  if (tensor.op === "parameter") return { kind: "variable", variable: tensor };
  if (tensor.op !== "constant") return { kind: "scratch", byteOffset };
  const { data } = (tensor as Node<"constant">).attributes;
  return { kind: "constant", data: arrayTypes[dtype].from(data) };
}
