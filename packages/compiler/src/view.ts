import { contiguous, movedView, movements, type Node, type Tensor, type View } from "@myelin/tensor";

/** Movement ops: everything that only changes where elements are read. */
export type MovementName = keyof typeof movements | "reshape";

export function isMovement(node: Tensor): node is Node<MovementName> {
  return node.op === "reshape" || node.op in movements;
}

/** The view of a movement's operand, turned into a view of its result; undefined when strides cannot express it. */
export function moveView({ op, attributes, shape }: Node<MovementName>, view: View): View | undefined {
  return op === "reshape" ? reshapeView(view, shape) : movedView(op, attributes as never, view, shape);
}

/** Undoes a reshape or a permutation: a view of the result, turned into a view of the operand (to write through it). */
export function unmoveView(node: Tensor, view: View): View | undefined {
  const { shape } = node.inputs[0] as Tensor;
  if (node.op === "reshape") return reshapeView(view, shape);
  if (node.op !== "permute") return undefined;
  const { order } = (node as Node<"permute">).attributes;
  return { ...view, shape, strides: shape.map((_, axis) => view.strides[order.indexOf(axis)] as number) };
}

/**
 * The same walk under another shape. Neighbouring axes whose strides continue each other are runs; from the last axis on,
 * every new axis takes its extent from the innermost run that is left, and has to divide it.
 */
function reshapeView({ shape: from, strides, offset }: View, shape: readonly number[]): View | undefined {
  // Nobody walks nothing; extents of 0 divide nothing either.
  if (shape.includes(0)) return contiguous(shape);
  const runs: { extent: number; stride: number }[] = [];
  from.forEach((extent, axis) => {
    const stride = strides[axis] as number;
    const outer = runs.at(-1);
    if (extent === 1) return;
    if (outer?.stride === stride * extent) {
      outer.extent *= extent;
      outer.stride = stride;
    } else runs.push({ extent, stride });
  });
  const split = shape.map(() => 0);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const extent = shape[axis] as number;
    if (extent === 1) continue;
    if (runs.at(-1)?.extent === 1) runs.pop();
    const run = runs.at(-1);
    if (!run || run.extent % extent !== 0) return undefined;
    split[axis] = run.stride;
    run.stride *= extent;
    run.extent /= extent;
  }
  return { shape, strides: split, offset };
}
