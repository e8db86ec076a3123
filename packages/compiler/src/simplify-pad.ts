import { make, type Node, type OpName, sameShape, type Tensor } from "@myelin/tensor";

/** Only what a kernel computes can be written into a region; anything else is copied there by one. */
export function simplifiedPad(node: Tensor): Tensor {
  if (node.op !== "pad") return node;
  const source = node.inputs[0] as Tensor;
  if (sameShape(source.shape, node.shape)) return source;
  if (isComputedByKernel(source)) return node;
  return make("pad", [make("stopGradient", [source], {})], (node as Node<"pad">).attributes);
}

const inMemory: readonly OpName[] = ["parameter", "input", "constant", "pad", "scatterAdd", "unwindow"];

/** False for leaves, and for what is itself put together in memory piece by piece. */
function isComputedByKernel({ op, inputs }: Tensor): boolean {
  if (op === "reshape" || op === "permute") return isComputedByKernel(inputs[0] as Tensor);
  return (
    !inMemory.includes(op) && !(op === "add" && inputs.some((part) => part.op === "pad" || part.op === "add"))
  );
}
