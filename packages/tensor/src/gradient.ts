import {
  add,
  cos,
  divide,
  equal,
  exp,
  lessOrEqual,
  multiply,
  negate,
  select,
  sin,
  square,
  subtract,
} from "./elementwise.js";
import { gather, scatterAdd } from "./indexing.js";
import { make } from "./make.js";
import { broadcastTo, pad, reshape, reverse, slice, transpose } from "./movement.js";
import { freeAxes, type Node, type OpName } from "./ops.js";
import { inOrder } from "./order.js";
import { max, min, sum } from "./reduction.js";
import { extentsOf, sizeOf, stridesOf, withUnits } from "./shape.js";
import { filled, iota } from "./sources.js";
import type { Tensor } from "./tensor.js";
import { mapTree, type Tree, treeEntries } from "./tree.js";
import { wantShapes, wantTensor } from "./want.js";

/**
 * Reverse-mode differentiation on the graph: the gradients of a scalar `loss` with respect to every tensor of a tree, as
 * expressions. This page is the only place with derivatives; nothing else in Myelin contains a backward function.
 * A tensor that the loss does not depend on gets zeros.
 */
export function gradient<T extends Tree<Tensor>>(loss: Tensor, parameters: T): T {
  const wanted = new Set(treeEntries(parameters).map(([, tensor]) => tensor));
  wantTensor("gradient", loss, ...wanted);
  const isScalar = loss.shape.length === 0;
  wantShapes(isScalar, "gradient", "a scalar loss", [loss.shape], "Reduce it with sum or mean first.");
  // What depends on a wanted tensor, inputs before users.
  const onPath = new Set<Tensor>();
  for (const node of inOrder([loss])) {
    if (wanted.has(node) || node.inputs.some((input) => onPath.has(input))) onPath.add(node);
  }
  const cotangents = new Map<Tensor, Tensor>([[loss, filled([], 1)]]);
  for (const node of [...onPath].reverse()) {
    const cotangent = cotangents.get(node);
    if (!cotangent || wanted.has(node)) continue;
    const rule = (rules as Partial<Record<OpName, Rule<OpName>>>)[node.op];
    const inputs = node.inputs as Operands;
    inputs.forEach((input, index) => {
      const contribution = onPath.has(input) && rule?.(node as Node<OpName>, cotangent, inputs, index);
      if (!contribution) return;
      const sofar = cotangents.get(input);
      cotangents.set(input, sofar ? add(sofar, contribution) : contribution);
    });
  }
  return mapTree(parameters, (tensor) => cotangents.get(tensor) ?? filled(tensor.shape, 0)) as T;
}

/** As many as the op has. */
type Operands = readonly [Tensor, Tensor, Tensor];
/** From a node y, its cotangent dy and its inputs to what input number `index` receives: nothing, or a cotangent. */
type Rule<Name extends OpName> = (
  y: Node<Name>,
  dy: Tensor,
  inputs: Operands,
  index: number,
) => Tensor | false | undefined;

/** No gradient flows through these, nor into them. */
type Ends =
  | "parameter"
  | "input"
  | "constant"
  | "iota"
  | "random"
  | "floor"
  | "compare"
  | "stopGradient"
  | "assign";

const rules: { readonly [Name in Exclude<OpName, Ends>]: Rule<Name> } = {
  exp: (y, dy) => multiply(dy, y),
  expm1: (y, dy) => multiply(dy, add(y, 1)),
  log: (_, dy, [x]) => divide(dy, x),
  log1p: (_, dy, [x]) => divide(dy, add(x, 1)),
  sqrt: (y, dy) => divide(multiply(dy, 0.5), y),
  tanh: (y, dy) => multiply(dy, subtract(1, square(y))),
  sigmoid: (y, dy) => multiply(dy, multiply(y, subtract(1, y))),
  erfc: (_, dy, [x]) => multiply(dy, multiply(exp(negate(square(x))), -2 / Math.sqrt(Math.PI))),
  sin: (_, dy, [x]) => multiply(dy, cos(x)),
  cos: (_, dy, [x]) => multiply(dy, negate(sin(x))),

  add: (_, dy) => dy,
  multiply: (_, dy, [a, b], index) => multiply(dy, index === 0 ? b : a),
  divide: (y, dy, [, b], index) => (index === 0 ? divide(dy, b) : negate(divide(multiply(dy, y), b))),
  // At ties the first operand gets the whole gradient.
  maximum: (_, dy, [a, b], index) => routed(dy, lessOrEqual(b, a), index === 0),
  minimum: (_, dy, [a, b], index) => routed(dy, lessOrEqual(a, b), index === 0),
  select: (_, dy, [condition], index) => index > 0 && routed(dy, condition, index === 1),

  sum: ({ attributes: { axes } }, dy, [x]) => spread(dy, axes, x),
  reduceMax: ({ attributes: { axes } }, dy, [x]) => {
    // The whole gradient goes to the first maximum in row-major order of the reduced axes.
    const extents = extentsOf(x.shape, axes);
    const strides = stridesOf(extents);
    const position = axes
      .map((axis, i) => multiply(iota(x.shape, axis), strides[i] as number))
      .reduce((total, next) => add(total, next));
    const atMaximum = equal(x, max(x, axes, { keepDims: true }));
    const first = min(select(atMaximum, position, sizeOf(extents)), axes, { keepDims: true });
    return select(equal(position, first), spread(dy, axes, x), 0);
  },
  contract: ({ attributes }, dy, [left, right], index) => {
    const { leftBatch, rightBatch, leftContracted, rightContracted } = attributes;
    const leftFree = freeAxes(left.shape, leftBatch, leftContracted);
    const rightFree = freeAxes(right.shape, rightBatch, rightContracted);
    // The axes of dy: batch, free axes of the left, free axes of the right.
    const all = [...dy.shape.keys()];
    const batch = all.splice(0, leftBatch.length);
    const rows = all.splice(0, leftFree.length);
    // The order of the factors is chosen so that the gradients of a matrix product need no transposition.
    if (index === 0) {
      const axes = { leftBatch: batch, rightBatch, leftContracted: all, rightContracted: rightFree };
      const paired = pairedWith(rightContracted, leftContracted);
      return placed(make("contract", [dy, right], axes), [...leftBatch, ...leftFree, ...paired]);
    }
    const axes = { leftBatch, rightBatch: batch, leftContracted: leftFree, rightContracted: rows };
    const paired = pairedWith(leftContracted, rightContracted);
    return placed(make("contract", [left, dy], axes), [...rightBatch, ...paired, ...rightFree]);
  },

  reshape: (_, dy, [x]) => reshape(dy, x.shape),
  permute: ({ attributes: { order } }, dy) => placed(dy, order),
  expand: ({ shape }, dy, [x]) => {
    const repeated = shape.flatMap((extent, axis) => (extent === x.shape[axis] ? [] : [axis]));
    return sum(dy, repeated, { keepDims: true });
  },
  pad: ({ attributes: { low, interior } }, dy, [x]) => {
    const step = interior.map((cells) => cells + 1);
    return slice(dy, low, x.shape, step);
  },
  slice: ({ attributes: { start, size, step } }, dy, [x]) => {
    const high = x.shape.map((extent, axis) => {
      const covered = ((size[axis] as number) - 1) * (step[axis] as number) + 1;
      return extent - (start[axis] as number) - Math.max(0, covered);
    });
    return pad(dy, start, high, { interior: step.map((stride) => stride - 1) });
  },
  reverse: ({ attributes: { axes } }, dy) => reverse(dy, axes),
  window: ({ attributes }, dy, [{ shape }]) => make("unwindow", [dy], { ...attributes, shape }),
  unwindow: ({ attributes }, dy, [{ shape }]) => make("window", [dy], { ...attributes, shape }),
  gather: (_, dy, [table, indices], index) =>
    index === 0 && scatterAdd(indices, dy, table.shape[0] as number),
  scatterAdd: (_, dy, [indices], index) => index > 0 && gather(dy, indices),

  cast: (y, dy, [x]) => y.dtype === "f32" && x.dtype === "f32" && dy,
};

/** The cotangent where the condition is `taken`, else 0. */
function routed(dy: Tensor, condition: Tensor, taken: boolean): Tensor {
  return taken ? select(condition, dy, 0) : select(condition, 0, dy);
}

/** Repeats a reduced tensor along the axes that vanished. */
function spread(reduced: Tensor, axes: readonly number[], { shape }: Tensor): Tensor {
  return broadcastTo(reshape(reduced, withUnits(shape, axes)), shape);
}

/** Axes of one operand of a contraction, in ascending order of the axes of the other that they are paired with. */
function pairedWith(others: readonly number[], axes: readonly number[]): number[] {
  return [...others].sort((a, b) => a - b).map((other) => axes[others.indexOf(other)] as number);
}

/** Undoes a permutation: axis i of x becomes axis `order[i]`. */
function placed(x: Tensor, order: readonly number[]): Tensor {
  return transpose(
    x,
    order.map((_, axis) => order.indexOf(axis)),
  );
}
