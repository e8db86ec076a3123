import { type Node, sizeOf, type Tensor } from "@myelin/tensor";
import { resolveAddress, type Storage } from "./body.js";
import type { Analysis } from "./computed.js";
import { leafStorage } from "./leaf-storage.js";
import { planArena } from "./plan.js";
import type { BufferSpec, Instruction, Kernel, Place, Program, StorageType } from "./program.js";
import type { InPlace, Task } from "./schedule.js";
import type { SymbolicKernel } from "./symbolic-kernel.js";

/** Numbers the buffers, gives each a place, and resolves addresses. */
export function assemble(
  name: string,
  outputs: Readonly<Record<string, Tensor>>,
  order: readonly Task[],
  analysis: Analysis,
  inPlace: InPlace,
): Program {
  const owner = new Map<Storage, Tensor>(analysis.computed.map((computed) => [computed, computed.node]));
  const alias = new Map<Storage, Tensor>([...inPlace].map(([parameter, computed]) => [computed, parameter]));
  const leaf = (tensor: Tensor): Storage => leafStorage(tensor) as Storage;
  const buffers: BufferSpec[] = [];
  const numbers = new Map<Storage, number>();
  const scratch: { readonly buffer: number; readonly storage: Storage }[] = [];
  const leaves = leavesOf(analysis);
  const bufferOf = (storage: Storage): number => {
    const known = numbers.get(storage);
    if (known !== undefined) return known;
    const parameter = alias.get(storage);
    if (parameter !== undefined) {
      const number = bufferOf(leaf(parameter));
      numbers.set(storage, number);
      return number;
    }
    const tensor = owner.get(storage) ?? leaves.get(storage);
    if (tensor === undefined)
      throw new Error("Myelin is broken here, please report it: a buffer without an owner");
    const number = buffers.length;
    numbers.set(storage, number);
    if (needsArena(tensor)) scratch.push({ buffer: number, storage });
    buffers.push(bufferSpec(tensor, number));
    return number;
  };
  for (const parameter of inPlace.keys()) leaves.set(leaf(parameter), parameter);
  const kernels = order.map(({ kernel }) => numbered(kernel, bufferOf));
  const outputNumbers = Object.fromEntries(
    Object.entries(outputs).map(([output, tensor]) => [output, bufferOf(analysis.of.get(tensor) as Storage)]),
  );
  const inputNumbers = Object.fromEntries(
    [...leaves]
      .filter(([, tensor]) => tensor.op === "input")
      .map(([storage, tensor]) => [(tensor as Node<"input">).attributes.name, bufferOf(storage)]),
  );
  const always = new Set([...Object.values(outputNumbers), ...Object.values(inputNumbers)]);
  const lifetimes = scratch.map(({ buffer }) =>
    lifetimeOf(buffer, buffers[buffer] as BufferSpec, kernels, always.has(buffer)),
  );
  const plan = planArena(lifetimes);
  scratch.forEach(({ buffer }, i) => {
    buffers[buffer] = {
      ...(buffers[buffer] as BufferSpec),
      place: { kind: "scratch", byteOffset: plan.offsets[i] as number },
    };
  });
  return {
    name,
    buffers,
    kernels,
    scratchBytes: plan.bytes,
    inputs: inputNumbers,
    outputs: outputNumbers,
  };
}

function leavesOf(analysis: Analysis): Map<Storage, Tensor> {
  const found = new Map<Storage, Tensor>();
  const seen = new Set<Tensor>();
  const stack = analysis.computed.map(({ node }) => node);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push(...node.inputs);
    const storage = leafStorage(node);
    if (storage !== undefined) found.set(storage, node);
  }
  return found;
}

const BYTES: Readonly<Record<StorageType, number>> = { f32: 4, i32: 4, u8: 1 };

function needsArena(tensor: Tensor): boolean {
  return tensor.op !== "parameter" && tensor.op !== "constant";
}

function bufferSpec(tensor: Tensor, number: number): BufferSpec {
  const isLeaf = leafStorage(tensor) !== undefined;
  const dtype: StorageType = tensor.dtype === "f32" ? "f32" : tensor.dtype === "u8" && isLeaf ? "u8" : "i32";
  const name =
    tensor.op === "parameter" || tensor.op === "input"
      ? (tensor as Node<"parameter">).attributes.name
      : `${tensor.op}_${number}`;
  return { name, dtype, shape: tensor.shape, elements: sizeOf(tensor.shape), place: placeOf(tensor, dtype) };
}

function placeOf(tensor: Tensor, dtype: StorageType): Place {
  if (tensor.op === "parameter") return { kind: "variable", variable: tensor };
  if (tensor.op !== "constant") return { kind: "scratch", byteOffset: 0 };
  const { data } = (tensor as Node<"constant">).attributes;
  return {
    kind: "constant",
    data:
      dtype === "f32"
        ? Float32Array.from(data)
        : dtype === "u8"
          ? Uint8Array.from(data)
          : Int32Array.from(data),
  };
}

function lifetimeOf(
  buffer: number,
  spec: BufferSpec,
  kernels: readonly Kernel[],
  always: boolean,
): { bytes: number; first: number; last: number } {
  const uses = kernels.flatMap((kernel, i) => (touches(kernel, buffer) ? [i] : []));
  return {
    bytes: spec.elements * BYTES[spec.dtype],
    first: always ? 0 : Math.min(...uses),
    last: always ? kernels.length : Math.max(...uses),
  };
}

function touches({ body, stores, contraction }: Kernel, buffer: number): boolean {
  return (
    stores.some(({ address }) => address.buffer === buffer) ||
    body.some((instruction) => instruction.op === "load" && instruction.address.buffer === buffer) ||
    contraction?.left.buffer === buffer ||
    contraction?.right.buffer === buffer
  );
}

function numbered(kernel: SymbolicKernel, bufferOf: (storage: Storage) => number): Kernel {
  const body = kernel.body.map((instruction): Instruction => {
    if (instruction.op === "load")
      return { ...instruction, address: resolveAddress(instruction.address, bufferOf) };
    if (instruction.op === "index")
      return { op: "index", type: "i32", offset: instruction.view.offset, strides: instruction.view.strides };
    return instruction;
  });
  const stores = kernel.stores.map((store) => ({
    ...store,
    address: resolveAddress(store.address, bufferOf),
  }));
  const base = { family: kernel.family, extents: kernel.extents, body, stores, origins: kernel.origins };
  if (kernel.contraction === undefined) return base;
  const { left, right, extents } = kernel.contraction;
  const operand = ({ storage, ...walk }: typeof left) => ({ buffer: bufferOf(storage), ...walk });
  return { ...base, contraction: { extents, left: operand(left), right: operand(right) } };
}
