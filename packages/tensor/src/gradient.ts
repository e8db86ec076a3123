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
import { ArgumentError } from "./errors.js";
import { gather, scatterAdd } from "./indexing.js";
import { make } from "./make.js";
import { contract, resultAxes } from "./matmul.js";
import { broadcastTo, pad, reshape, reverse, slice, transpose } from "./movement.js";
import { freeAxes, type Node, type OpName } from "./ops.js";
import { inOrder } from "./order.js";
import { min, sum } from "./reduction.js";
import { sizeOf, stridesOf } from "./shape.js";
import { filled, iota, zeros } from "./sources.js";
import type { Tensor } from "./tensor.js";
import { mapTree, type Tree, treeEntries } from "./tree.js";

/**
 * Reverse-mode differentiation on the graph: the gradients of a scalar `loss` with respect to every tensor of a tree, as
 * expressions. This page is the only place with derivatives; nothing else in Myelin contains a backward function.
 * A tensor that the loss does not depend on gets zeros.
 */
export function gradient<T extends Tree<Tensor>>(loss: Tensor, parameters: T): T {
  if (loss.shape.length !== 0) {
    throw new ArgumentError(
      "gradient",
      "a scalar loss",
      `shape [${loss.shape.join(", ")}]`,
      "Reduce it with sum or mean first.",
    );
  }
  const wanted = treeEntries(parameters).map(([, tensor]) => tensor);
  const cotangents = backpropagate(loss, new Set(wanted));
  return mapTree(parameters, (tensor) => cotangents.get(tensor) ?? zeros(tensor.shape)) as T;
}

/** Walks from the loss towards the wanted tensors, users before inputs. */
function backpropagate(loss: Tensor, wanted: ReadonlySet<Tensor>): Map<Tensor, Tensor> {
  const onPath = dependents(loss, wanted);
  const cotangents = new Map<Tensor, Tensor>([[loss, filled([], 1)]]);
  for (const node of [...onPath].reverse()) {
    const cotangent = cotangents.get(node);
    if (cotangent === undefined || wanted.has(node)) continue;
    const rule = rules[node.op] as Rule<OpName>;
    const contributions = rule(node as Node<OpName>, cotangent, (index) =>
      onPath.has(node.inputs[index] as Tensor),
    );
    node.inputs.forEach((input, index) => {
      const contribution = contributions[index];
      if (contribution === undefined || !onPath.has(input)) return;
      const sofar = cotangents.get(input);
      cotangents.set(input, sofar === undefined ? contribution : add(sofar, contribution));
    });
  }
  return cotangents;
}

/** All tensors under `root` that depend on a wanted one (and are therefore worth walking through), inputs before users. */
function dependents(root: Tensor, wanted: ReadonlySet<Tensor>): Set<Tensor> {
  const found = new Set<Tensor>();
  for (const node of inOrder([root])) {
    if (wanted.has(node) || node.inputs.some((input) => found.has(input))) found.add(node);
  }
  return found;
}

type Contributions = readonly (Tensor | undefined)[];
/** `needs(i)` tells whether input i leads to a wanted tensor, for rules whose contributions are costly to write. */
type Rule<Name extends OpName> = (
  node: Node<Name>,
  dy: Tensor,
  needs: (index: number) => boolean,
) => Contributions;

const nothing = (): Contributions => [];
const input = (node: Tensor, index = 0): Tensor => node.inputs[index] as Tensor;

const rules: { readonly [Name in OpName]: Rule<Name> } = {
  parameter: nothing,
  input: nothing,
  constant: nothing,
  iota: nothing,
  random: nothing,

  exp: (y, dy) => [multiply(dy, y)],
  expm1: (y, dy) => [multiply(dy, add(y, 1))],
  log: (y, dy) => [divide(dy, input(y))],
  log1p: (y, dy) => [divide(dy, add(input(y), 1))],
  sqrt: (y, dy) => [divide(multiply(dy, 0.5), y)],
  tanh: (y, dy) => [multiply(dy, subtract(filled(y.shape, 1), square(y)))],
  sigmoid: (y, dy) => [multiply(dy, multiply(y, subtract(filled(y.shape, 1), y)))],
  erf: (y, dy) => [multiply(dy, multiply(exp(negate(square(input(y)))), 2 / Math.sqrt(Math.PI)))],
  sin: (y, dy) => [multiply(dy, cos(input(y)))],
  cos: (y, dy) => [multiply(dy, negate(sin(input(y))))],
  floor: nothing,

  add: (_, dy) => [dy, dy],
  multiply: (y, dy, needs) => [
    needs(0) ? multiply(dy, input(y, 1)) : undefined,
    needs(1) ? multiply(dy, input(y, 0)) : undefined,
  ],
  divide: (y, dy, needs) => [
    needs(0) ? divide(dy, input(y, 1)) : undefined,
    needs(1) ? negate(divide(multiply(dy, y), input(y, 1))) : undefined,
  ],
  // At ties the first operand gets the whole gradient.
  maximum: (y, dy) => routed(lessOrEqual(input(y, 1), input(y, 0)), dy),
  minimum: (y, dy) => routed(lessOrEqual(input(y, 0), input(y, 1)), dy),
  compare: nothing,
  select: (y, dy) => [undefined, ...routed(input(y), dy)],

  sum: (y, dy) => [broadcastTo(keepingAxes(y, dy), input(y).shape)],
  reduceMax: (y, dy) => [firstMaximum(y, dy)],
  contract: (y, dy, needs) => contractRule(y, dy, needs),

  reshape: (y, dy) => [reshape(dy, input(y).shape)],
  permute: (y, dy) => [transpose(dy, inverse(y.attributes.order))],
  expand: (y, dy) => {
    const repeated = y.shape.flatMap((extent, axis) => (extent === input(y).shape[axis] ? [] : [axis]));
    return [sum(dy, repeated, { keepDims: true })];
  },
  pad: (y, dy) => [
    slice(
      dy,
      y.attributes.low,
      input(y).shape,
      y.attributes.interior.map((cells) => cells + 1),
    ),
  ],
  slice: (y, dy) => {
    const { start, size, step } = y.attributes;
    const covered = size.map((count, axis) => (count === 0 ? 0 : (count - 1) * (step[axis] as number) + 1));
    const high = input(y).shape.map(
      (extent, axis) => extent - (start[axis] as number) - (covered[axis] as number),
    );
    return [pad(dy, start, high, { interior: step.map((stride) => stride - 1) })];
  },
  reverse: (y, dy) => [reverse(dy, y.attributes.axes)],
  window: (y, dy) => [make("unwindow", [dy], { windows: y.attributes.windows, shape: input(y).shape })],
  unwindow: (y, dy) => [make("window", [dy], { windows: y.attributes.windows })],
  gather: (y, dy) => [scatterAdd(input(y, 1), dy, input(y).shape[0] as number)],
  scatterAdd: (y, dy) => [undefined, gather(dy, input(y))],

  cast: (y, dy) => [y.dtype === "f32" && input(y).dtype === "f32" ? dy : undefined],
  stopGradient: nothing,
  assign: nothing,
};

function routed(toFirst: Tensor, dy: Tensor): Contributions {
  return [select(toFirst, dy, 0), select(toFirst, 0, dy)];
}

/** The reduced tensor with its vanished axes back, at extent 1. */
function keepingAxes(node: Node<"sum"> | Node<"reduceMax">, reduced: Tensor): Tensor {
  const axes = node.attributes.axes;
  return reshape(
    reduced,
    input(node).shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent)),
  );
}

/** The whole gradient goes to the first maximum in row-major order of the reduced axes. */
function firstMaximum(y: Node<"reduceMax">, dy: Tensor): Tensor {
  const x = input(y);
  const { axes } = y.attributes;
  const extents = axes.map((axis) => x.shape[axis] as number);
  const strides = stridesOf(extents);
  const positions = axes.map((axis, i) => multiply(iota(x.shape, axis), strides[i] as number));
  const position = positions.reduce((total, next) => add(total, next));
  const atMaximum = equal(x, broadcastTo(keepingAxes(y, y), x.shape));
  const first = min(select(atMaximum, position, sizeOf(extents)), axes, { keepDims: true });
  return select(equal(position, first), broadcastTo(keepingAxes(y, dy), x.shape), 0);
}

/** One operand of a contraction with its axes sorted by role, and where they went in the result. */
interface Side {
  readonly tensor: Tensor;
  readonly batch: readonly number[];
  readonly contracted: readonly number[];
  readonly free: readonly number[];
  readonly inResult: ReadonlyMap<number, number>;
}

/** d(left) = dy x right over right's free axes; d(right) = left x dy over left's free axes; then axes go back to their places. */
function contractRule(y: Node<"contract">, dy: Tensor, needs: (index: number) => boolean): Contributions {
  const { leftBatch, rightBatch, leftContracted, rightContracted } = y.attributes;
  const inResult = resultAxes(input(y, 0), input(y, 1), y.attributes);
  const side = (
    tensor: Tensor,
    batch: readonly number[],
    contracted: readonly number[],
    places: ReadonlyMap<number, number>,
  ): Side => ({
    tensor,
    batch,
    contracted,
    free: freeAxes(tensor.shape.length, batch, contracted),
    inResult: places,
  });
  const left = side(input(y, 0), leftBatch, leftContracted, inResult.left);
  const right = side(input(y, 1), rightBatch, rightContracted, inResult.right);
  return [
    needs(0) ? operandGradient(left, right, dy, "cotangent first") : undefined,
    needs(1) ? operandGradient(right, left, dy, "operand first") : undefined,
  ];
}

/** The order of the factors is chosen so that the gradients of a matrix product need no transposition. */
function operandGradient(
  own: Side,
  other: Side,
  dy: Tensor,
  order: "cotangent first" | "operand first",
): Tensor {
  const placed = (side: Side, axes: readonly number[]) =>
    axes.map((axis) => side.inResult.get(axis) as number);
  const ofCotangent = { batch: placed(own, own.batch), contracted: placed(other, other.free) };
  const ofOther = { batch: other.batch, contracted: other.free };
  // The other operand's contracted axes survive, ascending; each stands for the own axis that it was paired with.
  const surviving = [...other.contracted]
    .sort((a, b) => a - b)
    .map((axis) => own.contracted[other.contracted.indexOf(axis)] as number);
  const cotangentFirst = order === "cotangent first";
  const [a, b] = cotangentFirst ? [ofCotangent, ofOther] : [ofOther, ofCotangent];
  const product = contract(cotangentFirst ? dy : other.tensor, cotangentFirst ? other.tensor : dy, {
    leftBatch: a.batch,
    rightBatch: b.batch,
    leftContracted: a.contracted,
    rightContracted: b.contracted,
  });
  const produced = cotangentFirst
    ? [...own.batch, ...own.free, ...surviving]
    : [...own.batch, ...surviving, ...own.free];
  return transpose(product, inverse(produced));
}

function inverse(order: readonly number[]): number[] {
  return order.map((_, axis) => order.indexOf(axis));
}
