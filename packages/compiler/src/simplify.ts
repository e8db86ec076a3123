import {
  broadcastTo,
  type ContractAttributes,
  filled,
  freeAxes,
  lessOrEqual,
  make,
  type Node,
  type OpName,
  pad,
  reshape,
  reverse,
  sameShape,
  slidingWindow,
  type Tensor,
  transpose,
  type Window,
} from "@myelin/tensor";

/** Rewrites that can be switched off one by one, so that tests compare a program with and without each. */
export interface SimplifyOptions {
  /** The input gradient of a convolution with stride 1 becomes a convolution. Default true. */
  readonly transposedConvolution?: boolean;
  /** The adjoint of windows that do not overlap becomes a permutation. Default true. */
  readonly disjointWindows?: boolean;
  /** The mask of relu's gradient is read off its output, so that the pre-activation need not be kept. Default true. */
  readonly maskFromOutput?: boolean;
}

/**
 * Rewrites a graph into a cheaper one with the same values: drops what does nothing, folds constants, and brings gradients
 * of windows into forms that have fast kernels. Returns the new outputs, in order.
 */
export function simplify(outputs: readonly Tensor[], options: SimplifyOptions = {}): Tensor[] {
  const done = new Map<Tensor, Tensor>();
  const rectified = options.maskFromOutput === false ? new Map<Tensor, Tensor>() : findRectified(outputs);
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

type Rewrite<Name extends OpName> = (node: Node<Name>, options: SimplifyOptions) => Tensor;

function rewrite(node: Tensor, options: SimplifyOptions): Tensor {
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
  // Only what a kernel computes can be written into a region; anything else is copied there by one.
  pad: (node) => {
    const x = input(node);
    if (sameShape(x.shape, node.shape)) return x;
    return isComputedByKernel(x) ? node : make("pad", [make("stopGradient", [x], {})], node.attributes);
  },
  reshape: (node) => {
    const x = input(node);
    if (sameShape(x.shape, node.shape)) return x;
    return x.op === "reshape" ? rewrite(make("reshape", [input(x)], node.attributes), {}) : node;
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
  unwindow: (node, options) => {
    const { disjointWindows = true, transposedConvolution = true } = options;
    return (
      (disjointWindows ? disjoint(node) : undefined) ??
      (transposedConvolution ? asConvolution(node) : undefined) ??
      node
    );
  },
};

/** False for leaves, and for what is itself put together in memory piece by piece. */
function isComputedByKernel(node: Tensor): boolean {
  let base = node;
  while (base.op === "reshape" || base.op === "permute") base = input(base);
  const inMemory: readonly OpName[] = ["parameter", "input", "constant", "pad", "scatterAdd", "unwindow"];
  return (
    !inMemory.includes(base.op) &&
    !(base.op === "add" && base.inputs.some((part) => part.op === "pad" || part.op === "add"))
  );
}

/** Both operands are one number each: so is the result. Rounded like the run would. */
function folded(node: Tensor, combine: (a: number, b: number) => number): Tensor {
  const [a, b] = node.inputs.map(valueOfFilled);
  if (a === undefined || b === undefined || node.dtype !== "f32") return node;
  return filled(node.shape, Math.fround(combine(Math.fround(a), Math.fround(b))));
}

function contractedSize(node: Node<"contract">): number {
  return node.attributes.leftContracted.reduce((size, axis) => size * (input(node).shape[axis] as number), 1);
}

/** A sum over one element is a product with broadcasting, which can join other element-wise kernels. */
function outerProduct(node: Node<"contract">): Tensor {
  const { leftBatch, rightBatch, leftContracted, rightContracted } = node.attributes;
  const [left, right] = [input(node, 0), input(node, 1)];
  const leftFree = freeAxes(left.shape.length, leftBatch, leftContracted);
  const rightFree = freeAxes(right.shape.length, rightBatch, rightContracted);
  const laidOut = (
    operand: Tensor,
    batch: readonly number[],
    contracted: readonly number[],
    free: readonly number[],
  ) => transpose(operand, [...batch, ...free, ...contracted]);
  const extents = (operand: Tensor, axes: readonly number[]) =>
    axes.map((axis) => operand.shape[axis] as number);
  const ones = (axes: readonly number[]) => axes.map(() => 1);
  const rows = reshape(laidOut(left, leftBatch, leftContracted, leftFree), [
    ...extents(left, leftBatch),
    ...extents(left, leftFree),
    ...ones(rightFree),
  ]);
  const columns = reshape(laidOut(right, rightBatch, rightContracted, rightFree), [
    ...extents(right, rightBatch),
    ...ones(leftFree),
    ...extents(right, rightFree),
  ]);
  return make("multiply", [broadcastTo(rows, node.shape), broadcastTo(columns, node.shape)], {});
}

/** Reducing an axis of extent 1 is a reshape. */
function withoutUnitAxes(node: Node<"sum"> | Node<"reduceMax">): Tensor | undefined {
  const x = input(node);
  const axes = node.attributes.axes.filter((axis) => x.shape[axis] !== 1);
  if (axes.length === node.attributes.axes.length) return undefined;
  const rest = axes.length === 0 ? x : make(node.op, [x], { axes });
  return reshape(axes.length === 0 ? rest : rewrite(rest, {}), node.shape);
}

/** Kernels reduce neighbouring axes. Axes with others between them are reduced run by run, the last run first. */
function oneRun(node: Node<"sum"> | Node<"reduceMax">): Tensor | undefined {
  const x = input(node);
  const { axes } = node.attributes;
  const start = axes.findLastIndex((axis, i) => i > 0 && between(x.shape, axes[i - 1] as number, axis));
  if (start < 0) return undefined;
  return rewrite(
    make(node.op, [make(node.op, [x], { axes: axes.slice(start) })], { axes: axes.slice(0, start) }),
    {},
  );
}

function between(shape: readonly number[], axis: number, next: number): boolean {
  return shape.slice(axis + 1, next).some((extent) => extent !== 1);
}

/**
 * Windows that tile their axis (stride = size, no dilation): every cell has one window, so adding back is putting back:
 * [.., positions, .., size] -> [.., positions, size, ..] -> [.., positions x size, ..], zeros for cells that no window covers.
 */
function disjoint(node: Node<"unwindow">): Tensor | undefined {
  const { windows, shape } = node.attributes;
  if (!windows.every(({ size, stride, dilation }) => stride === size && dilation === 1)) return undefined;
  const x = input(node);
  const order = shape.flatMap((_, axis) => {
    const which = windows.findIndex((window) => window.axis === axis);
    return which < 0 ? [axis] : [axis, shape.length + which];
  });
  const covered = shape.map((extent, axis) => {
    const window = windows.find((candidate) => candidate.axis === axis);
    return window === undefined ? extent : (x.shape[axis] as number) * window.size;
  });
  const tiled = reshape(transpose(x, order), covered);
  const far = shape.map((extent, axis) => extent - (covered[axis] as number));
  return rewrite(
    pad(
      tiled,
      shape.map(() => 0),
      far,
    ),
    {},
  );
}

/**
 * unwindow(contract(dy, w)) with stride 1 is itself a convolution of the padded dy with the reversed kernel: cell i of the
 * input gradient is the sum over window cells k of dy[i - k dilation] w[k].
 */
function asConvolution(node: Node<"unwindow">): Tensor | undefined {
  const { windows, shape } = node.attributes;
  if (!windows.every(({ stride }) => stride === 1)) return undefined;
  const rank = shape.length;
  // The cotangent of window() arrives through the permutation that put contracted axes back in their places.
  const moved = input(node);
  const order =
    moved.op === "permute" ? (moved as Node<"permute">).attributes.order : moved.shape.map((_, axis) => axis);
  const product = moved.op === "permute" ? input(moved) : moved;
  if (product.op !== "contract") return undefined;
  const axes = (product as Node<"contract">).attributes;
  if (axes.leftBatch.length > 0) return undefined;
  const [dy, w] = [input(product, 0), input(product, 1)];
  const dyFree = dy.shape.map((_, axis) => axis).filter((axis) => !axes.leftContracted.includes(axis));
  const wFree = w.shape.map((_, axis) => axis).filter((axis) => !axes.rightContracted.includes(axis));
  // Which axis of dy (or of w) became axis `target` of the windowed cotangent.
  const source = (target: number) => {
    const place = order[target] as number;
    return place < dyFree.length
      ? { from: "dy" as const, axis: dyFree[place] as number }
      : { from: "w" as const, axis: wFree[place - dyFree.length] as number };
  };
  const positions = windows.map(({ axis }) => source(axis));
  const cells = windows.map((_, i) => source(rank + i));
  if (positions.some(({ from }) => from !== "dy") || cells.some(({ from }) => from !== "w")) return undefined;

  const margins = dy.shape.map((_, axis) => {
    const which = positions.findIndex((position) => position.axis === axis);
    const window = windows[which];
    return window === undefined ? 0 : window.dilation * (window.size - 1);
  });
  // Cells of the input that no window reaches on the far side (possible after a floor) get a longer margin of zeros.
  const far = margins.map((margin, axis) => {
    const which = positions.findIndex((position) => position.axis === axis);
    const window = windows[which];
    if (window === undefined) return margin;
    return (
      margin +
      (shape[window.axis] as number) -
      ((dy.shape[axis] as number) + window.dilation * (window.size - 1))
    );
  });
  const padded = rewrite(pad(dy, margins, far), {});
  const rewindowed: Window[] = windows.map(({ size, dilation }, i) => ({
    axis: (positions[i] as { axis: number }).axis,
    size,
    stride: 1,
    dilation,
  }));
  const flipped = reverse(
    w,
    cells.map(({ axis }) => axis),
  );
  const contracted: ContractAttributes = {
    leftBatch: [],
    rightBatch: [],
    // Window cells first, so that the kernel's rows are walked in memory order.
    leftContracted: [...windows.map((_, i) => dy.shape.length + i), ...axes.leftContracted],
    rightContracted: [...cells.map(({ axis }) => axis), ...axes.rightContracted],
  };
  const result = make("contract", [slidingWindow(padded, rewindowed), flipped], contracted);
  // Result axes: free axes of dy in order, then free axes of w that are no window cells.
  const remaining = wFree.filter((axis) => !cells.some((cell) => cell.axis === axis));
  const resultOrder = shape.map((_, target) => {
    const { from, axis } = source(target);
    return from === "dy" ? dyFree.indexOf(axis) : dyFree.length + remaining.indexOf(axis);
  });
  return transpose(result, resultOrder);
}
