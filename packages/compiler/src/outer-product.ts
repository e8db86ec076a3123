import { contractedExtents, make, type Node, sizeOf, spreadOperands, type Tensor } from "@myelin/tensor";

/** A sum over one element is a product with broadcasting, which can join other element-wise kernels. */
export function outerProduct(node: Node<"contract">): Tensor | undefined {
  return sizeOf(contractedExtents(node)) !== 1 ? undefined : make("multiply", spreadOperands(node, []), {});
}
