import { make, type Node, type OpName, sameShape, type Tensor } from "@myelin/tensor";

/** Only what a kernel computes can be written into a region; anything else is copied there by one. */
export function simplifiedPad(node: Tensor): Tensor {
  if (node.op !== "pad") return node;
  const source = node.inputs[0] as Tensor;
  if (sameShape(source.shape, node.shape)) return source;
  if (isComputedByKernel(source)) return node;
  return make("pad", [make("stopGradient", [source], {})], (node as Node<"pad">).attributes);
}

/** False for leaves, and for what is itself put together in memory piece by piece. */
function isComputedByKernel(node: Tensor): boolean {
  let base = node;
  while (base.op === "reshape" || base.op === "permute") base = base.inputs[0] as Tensor;
  const inMemory: readonly OpName[] = ["parameter", "input", "constant", "pad", "scatterAdd", "unwindow"];
  return (
    !inMemory.includes(base.op) &&
    !(base.op === "add" && base.inputs.some((part) => part.op === "pad" || part.op === "add"))
  );
}
