import type { Tensor } from "@myelin/tensor";
import type { Storage } from "./body.js";

const leaves = new WeakMap<Tensor, Storage>();
let nextLeaf = -1;

/** Parameters, inputs and constant arrays have storage of their own; ids below zero keep them apart from computed nodes. */
export function leafStorage(tensor: Tensor): Storage | undefined {
  if (tensor.op !== "parameter" && tensor.op !== "input" && tensor.op !== "constant") return undefined;
  const known = leaves.get(tensor) ?? { id: nextLeaf-- };
  leaves.set(tensor, known);
  return known;
}
