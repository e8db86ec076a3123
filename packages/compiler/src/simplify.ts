import {
  contiguous,
  filled,
  inOrder,
  lessOrEqual,
  make,
  type Node,
  type OpName,
  reshape,
  scalars,
  sizeOf,
  type Tensor,
  transpose,
  type View,
} from "@myelin/tensor";
import { outerProduct } from "./outer-product.js";
import { simplifiedPad } from "./simplify-pad.js";
import { isMovement, moveView } from "./view.js";

/**
 * Rewrites a graph into a cheaper one with the same values: drops what does nothing, folds constants, and brings it into
 * forms that kernels have. Returns the new outputs, in order. `faster` also brings depthwise products and gradients of windows
 * into forms that have fast kernels, and reads the mask of relu's gradient off its output, so that the pre-activation need
 * not be kept.
 */
export function simplify(outputs: readonly Tensor[], faster = true): Tensor[] {
  const done = new Map<Tensor, Tensor>();
  const rectified = faster ? findRectified(outputs) : new Map<Tensor, Tensor>();
  const visit = (node: Tensor): Tensor => {
    const known = done.get(node);
    if (known) return known;
    const inputs = node.inputs.map((input) => {
      const output = rectified.get(input);
      return !output || output === node ? visit(input) : lessOrEqual(visit(output), 0);
    });
    const unchanged = inputs.every((input, i) => input === node.inputs[i]);
    const rebuilt = unchanged ? node : make(node.op, inputs, node.attributes);
    const result = rewrite(rebuilt, faster);
    for (const origin of node.origins) {
      rebuilt.origins.add(origin);
      result.origins.add(origin);
    }
    done.set(node, result);
    return result;
  };
  return outputs.map(visit);
}

/** Comparisons `h <= 0` that belong to a relu `select(h <= 0, 0, h)`, with that relu: h <= 0 exactly where relu(h) <= 0. */
function findRectified(outputs: readonly Tensor[]): Map<Tensor, Tensor> {
  const found = new Map<Tensor, Tensor>();
  for (const node of inOrder(outputs)) {
    if (node.op !== "select") continue;
    const [condition, yes, no] = node.inputs as [Tensor, Tensor, Tensor];
    // Equal expressions are one object.
    if (condition.inputs[0] === no && valueOfFilled(yes) === 0 && condition === lessOrEqual(no, 0))
      found.set(condition, node);
  }
  return found;
}

/** The number that a tensor holds everywhere, if it is a constant of one value under movements that keep all values equal. */
export function valueOfFilled(node: Tensor): number | undefined {
  let inner = node;
  while (inner.op === "expand" || inner.op === "reshape" || inner.op === "permute") inner = input(inner);
  if (inner.op !== "constant") return undefined;
  const { data } = (inner as Node<"constant">).attributes;
  return data.length === 1 ? data[0] : undefined;
}

/** What the node is the negative of, if it is written so. */
export function negated(node: Tensor): Tensor | undefined {
  return node.op === "multiply" && valueOfFilled(input(node, 1)) === -1 ? input(node) : undefined;
}

type Rewrite<Name extends OpName> = (node: Node<Name>, faster: boolean) => Tensor | undefined;

function rewrite(node: Tensor, faster = true): Tensor {
  if (isOfNothing(node)) return filled(node.shape, node.op === "reduceMax" ? -Infinity : 0, node.dtype);
  return rewrites[node.op]?.(node as never, faster) ?? node;
}

/** Sums and maxima over extents of 0: no loop would write them. */
function isOfNothing({ op, inputs, shape }: Tensor): boolean {
  const reduces = op === "sum" || op === "reduceMax" || op === "contract";
  return reduces && sizeOf(shape) > 0 && inputs.some((operand) => sizeOf(operand.shape) === 0);
}

const input = (node: Tensor, index = 0): Tensor => node.inputs[index] as Tensor;

/** Where a rule returns nothing, the node stays. */
const rewrites: { readonly [Name in OpName]?: Rewrite<Name> } = {
  stopGradient: (node) => input(node),
  assign: (node) => input(node, 1),
  add: (node) => simplerArithmetic(node, 0),
  // Negation is exact, so that -(-z) = z; other factors would round twice.
  multiply: (node) => (negated(node) && negated(input(node))) ?? simplerArithmetic(node, 1),
  divide: (node) => (valueOfFilled(input(node, 1)) === 1 ? input(node) : undefined),
  select: (node) => (input(node, 1) === input(node, 2) ? input(node, 1) : undefined),
  sum: reduceOneRun,
  reduceMax: reduceOneRun,
  contract: (node, faster) => outerProduct(node) ?? (faster ? contractedWindows(node) : undefined),
  pad: simplifiedPad,
  // These make nothing of a movement that does nothing.
  reshape: (node) => reshape(below(node), node.shape),
  permute: (node) => {
    const { order } = node.attributes;
    const x = input(node);
    const inner = x.op === "permute" ? (x as typeof node).attributes.order : undefined;
    return transpose(below(node), inner ? order.map((axis) => inner[axis] as number) : order);
  },
  expand: (node) => make("expand", [below(node)], node.attributes),
  unwindow: (node, faster) => (faster ? node.attributes.rewrites.unwindow(node, simplifiedPad) : undefined),
};

/** The operand; where it was made by the same op, what it was made of. */
function below(node: Tensor): Tensor {
  const x = input(node);
  return x.op === node.op ? input(x) : x;
}

function simplerArithmetic(node: Node<"add"> | Node<"multiply">, neutral: number): Tensor | undefined {
  const [a, b] = node.inputs as [Tensor, Tensor];
  const [x, y] = node.inputs.map(valueOfFilled);
  if (y === neutral) return a;
  if (x === neutral) return b;
  if (x === undefined || y === undefined || node.dtype !== "f32") return undefined;
  // Rounded like the run would.
  return filled(node.shape, Math.fround(scalars[node.op as "add"](Math.fround(x), Math.fround(y))));
}

/**
 * Kernels reduce neighbouring axes. Axes with others between them are reduced run by run, the last run first; axes of extent
 * 1 are no others, and reducing one is a reshape.
 */
function reduceOneRun(node: Node<"sum"> | Node<"reduceMax">): Tensor | undefined {
  const x = input(node);
  const reduced = (from: Tensor, over: readonly number[]) =>
    over.length === 0 ? from : rewrite(make(node.op as "sum", [from], { axes: over }));
  const axes = node.attributes.axes.filter((axis) => x.shape[axis] !== 1);
  if (axes.length < node.attributes.axes.length) return reshape(reduced(x, axes), node.shape);
  const start = axes.findLastIndex((axis, i) =>
    x.shape.slice((axes[i - 1] ?? axis) + 1, axis).some((n) => n !== 1),
  );
  return start < 0 ? undefined : reduced(reduced(x, axes.slice(start)), axes.slice(0, start));
}

/** Windows bring their rewrites along; a contraction has them, and in its gradients, too, as its left operand. */
function contractedWindows(node: Node<"contract">): Tensor | undefined {
  const left = input(node);
  let below = left;
  while (below.op !== "window" && isMovement(below)) below = input(below);
  const { rewrites } = below.attributes as Partial<Node<"window">["attributes"]>;
  return rewrites?.contract(node, viewOf(left)?.strides);
}

/** How the elements of a stored tensor are walked under movements; undefined where strides cannot say it. */
function viewOf(node: Tensor): View | undefined {
  if (!isMovement(node)) return contiguous(node.shape);
  const inner = viewOf(node.inputs[0] as Tensor);
  return inner && moveView(node, inner);
}
