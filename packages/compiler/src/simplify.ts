import {
  filled,
  lessOrEqual,
  make,
  type Node,
  type OpName,
  reshape,
  sameShape,
  type Tensor,
  transpose,
} from "@myelin/tensor";
import { outerProduct } from "./outer-product.js";
import { simplifiedPad } from "./simplify-pad.js";
import { asConvolution, disjoint } from "./simplify-windows.js";

/**
 * Rewrites a graph into a cheaper one with the same values: drops what does nothing, folds constants, and brings gradients
 * of windows into forms that have fast kernels. Returns the new outputs, in order.
 */
export function simplify(outputs: readonly Tensor[], options = true): Tensor[] {
  const done = new Map<Tensor, Tensor>();
  const rectified = options ? findRectified(outputs) : new Map<Tensor, Tensor>();
  const visit = (node: Tensor): Tensor => {
    const known = done.get(node);
    if (known !== undefined) return known;
    const inputs = node.inputs.map((input) => {
      const output = rectified.get(input);
      return output === undefined || output === node ? visit(input) : lessOrEqual(visit(output), 0);
    });
    const unchanged = inputs.every((input, i) => input === node.inputs[i]);
    const rebuilt = unchanged ? node : withOriginsOf(make(node.op, inputs, node.attributes), node);
    const result = rewrite(rebuilt, options);
    done.set(node, result === rebuilt ? result : withOriginsOf(result, node));
    return done.get(node) as Tensor;
  };
  return outputs.map(visit);
}

/** Comparisons `h <= 0` that belong to a relu `select(h <= 0, 0, h)`, with that relu: h <= 0 exactly where relu(h) <= 0. */
function findRectified(outputs: readonly Tensor[]): Map<Tensor, Tensor> {
  const found = new Map<Tensor, Tensor>();
  const seen = new Set<Tensor>();
  const stack = [...outputs];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push(...node.inputs);
    if (node.op !== "select") continue;
    const [condition, yes, no] = node.inputs as [Tensor, Tensor, Tensor];
    const isMask =
      condition.op === "compare" && (condition as Node<"compare">).attributes.comparison === "lessOrEqual";
    if (
      isMask &&
      condition.inputs[0] === no &&
      valueOfFilled(condition.inputs[1] as Tensor) === 0 &&
      valueOfFilled(yes) === 0
    ) {
      found.set(condition, node);
    }
  }
  return found;
}

function withOriginsOf(tensor: Tensor, source: Tensor): Tensor {
  for (const origin of source.origins) tensor.origins.add(origin);
  return tensor;
}

/** The number that a tensor holds everywhere, if it is a constant of one value under movements that keep all values equal. */
export function valueOfFilled(node: Tensor): number | undefined {
  let inner = node;
  while (inner.op === "expand" || inner.op === "reshape" || inner.op === "permute")
    inner = inner.inputs[0] as Tensor;
  if (inner.op !== "constant") return undefined;
  const { data } = (inner as Node<"constant">).attributes;
  return data.length === 1 ? data[0] : undefined;
}

type Rewrite<Name extends OpName> = (node: Node<Name>, options: boolean) => Tensor;

function rewrite(node: Tensor, options: boolean): Tensor {
  const rule = rewrites[node.op] as Rewrite<OpName> | undefined;
  return rule === undefined ? node : rule(node as Node<OpName>, options);
}

const input = (node: Tensor, index = 0): Tensor => node.inputs[index] as Tensor;

const rewrites: { readonly [Name in OpName]?: Rewrite<Name> } = {
  stopGradient: (node) => input(node),
  assign: (node) => input(node, 1),
  add: (node) => {
    const [a, b] = [input(node, 0), input(node, 1)];
    if (valueOfFilled(b) === 0) return a;
    if (valueOfFilled(a) === 0) return b;
    return folded(node, (x, y) => x + y);
  },
  multiply: (node) => {
    const [a, b] = [input(node, 0), input(node, 1)];
    const [x, y] = [valueOfFilled(a), valueOfFilled(b)];
    if (y === 1) return a;
    if (x === 1) return b;
    // -(-z) = z; negation is exact, other factors would round twice.
    if (y === -1 && a.op === "multiply" && valueOfFilled(input(a, 1)) === -1) return input(a);
    return folded(node, (p, q) => p * q);
  },
  divide: (node) => (valueOfFilled(input(node, 1)) === 1 ? input(node) : node),
  select: (node) => (input(node, 1) === input(node, 2) ? input(node, 1) : node),
  sum: (node) => withoutUnitAxes(node) ?? oneRun(node) ?? node,
  reduceMax: (node) => withoutUnitAxes(node) ?? oneRun(node) ?? node,
  contract: (node) => (contractedSize(node) === 1 ? outerProduct(node) : node),
  pad: (node) => simplifiedPad(node),
  reshape: (node) => {
    const x = input(node);
    if (sameShape(x.shape, node.shape)) return x;
    return x.op === "reshape" ? rewrite(make("reshape", [input(x)], node.attributes), true) : node;
  },
  permute: (node) => {
    const x = input(node);
    const { order } = node.attributes;
    if (order.every((axis, i) => axis === i)) return x;
    if (x.op !== "permute") return node;
    return transpose(
      input(x),
      order.map((axis) => (x as Node<"permute">).attributes.order[axis] as number),
    );
  },
  expand: (node) => {
    const x = input(node);
    return x.op === "expand" ? make("expand", [input(x)], node.attributes) : node;
  },
  unwindow: (node, options) => (options ? (disjoint(node) ?? asConvolution(node)) : undefined) ?? node,
};

/** Both operands are one number each: so is the result. Rounded like the run would. */
function folded(node: Tensor, combine: (a: number, b: number) => number): Tensor {
  const [a, b] = node.inputs.map(valueOfFilled);
  if (a === undefined || b === undefined || node.dtype !== "f32") return node;
  return filled(node.shape, Math.fround(combine(Math.fround(a), Math.fround(b))));
}

function contractedSize(node: Node<"contract">): number {
  return node.attributes.leftContracted.reduce((size, axis) => size * (input(node).shape[axis] as number), 1);
}

/** Reducing an axis of extent 1 is a reshape. */
function withoutUnitAxes(node: Node<"sum"> | Node<"reduceMax">): Tensor | undefined {
  const x = input(node);
  const axes = node.attributes.axes.filter((axis) => x.shape[axis] !== 1);
  if (axes.length === node.attributes.axes.length) return undefined;
  const rest = axes.length === 0 ? x : make(node.op, [x], { axes });
  return reshape(axes.length === 0 ? rest : rewrite(rest, true), node.shape);
}

/** Kernels reduce neighbouring axes. Axes with others between them are reduced run by run, the last run first. */
function oneRun(node: Node<"sum"> | Node<"reduceMax">): Tensor | undefined {
  const x = input(node);
  const { axes } = node.attributes;
  const start = axes.findLastIndex((axis, i) => i > 0 && between(x.shape, axes[i - 1] as number, axis));
  if (start < 0) return undefined;
  return rewrite(
    make(node.op, [make(node.op, [x], { axes: axes.slice(start) })], { axes: axes.slice(0, start) }),
    true,
  );
}

function between(shape: readonly number[], axis: number, next: number): boolean {
  return shape.slice(axis + 1, next).some((extent) => extent !== 1);
}
