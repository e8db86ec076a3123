import type { Step } from "@myelin/compiler";
import type { Tensor } from "@myelin/tensor";
import * as t from "@myelin/tensor";

/** One random instruction: what to do with which earlier tensors. Numbers are taken modulo what there is. */
export interface Choice {
  readonly kind: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const MAXIMUM_SIZE = 600;

/** A random step: leaves, random expressions over them, gradients of their sum, and assignments in place. */
export function randomStep(shapes: readonly (readonly number[])[], choices: readonly Choice[]): Step {
  const leaves = shapes.map((shape, i) => t.parameter(`p${i}`, shape));
  const pool: Tensor[] = [...leaves];
  for (const choice of choices) {
    const made = makers[choice.kind % makers.length]?.(at(pool, choice.a), at(pool, choice.b), choice.c);
    if (made !== undefined && t.sizeOf(made.shape) <= MAXIMUM_SIZE && t.sizeOf(made.shape) > 0)
      pool.push(made);
  }
  const recent = pool.slice(-3).map((tensor) => t.tanh(tensor));
  const loss = recent.map((tensor) => t.mean(tensor)).reduce((sum, term) => t.add(sum, term));
  const gradients = t.gradient(loss, Object.fromEntries(leaves.map((leaf, i) => [`p${i}`, leaf]))) as Record<
    string,
    Tensor
  >;
  const outputs = Object.fromEntries(recent.map((tensor, i) => [`y${i}`, tensor]));
  const flat = t.concatenate(leaves.map((_, i) => t.reshape(gradients[`p${i}`] as Tensor, [-1])));
  const assignments = leaves.map((leaf, i) =>
    t.assign(leaf, t.subtract(leaf, t.multiply(gradients[`p${i}`] as Tensor, 0.5))),
  );
  return { name: "random", outputs: { ...outputs, loss, flat }, assignments };
}

export function randomValues(leaves: readonly Tensor[], seed: number): Map<Tensor, Float32Array> {
  return new Map(
    leaves.map((leaf, i) => [
      leaf,
      Float32Array.from({ length: t.sizeOf(leaf.shape) }, (_, k) => t.normal(seed, i, k)),
    ]),
  );
}

function at(pool: readonly Tensor[], i: number): Tensor {
  // Recent tensors are likelier, so that graphs grow deep.
  return pool[pool.length - 1 - (i % Math.min(pool.length, 6))] as Tensor;
}

function axisOf(x: Tensor, c: number): number {
  return x.shape.length === 0 ? -1 : c % x.shape.length;
}

type Maker = (a: Tensor, b: Tensor, c: number) => Tensor | undefined;

const fitting =
  (combine: (a: Tensor, b: Tensor) => Tensor): Maker =>
  (a, b) =>
    t.broadcastShapes(a.shape, b.shape) === undefined ? combine(a, t.mean(b)) : combine(a, b);

const along =
  (make: (x: Tensor, axis: number, c: number) => Tensor | undefined): Maker =>
  (a, _, c) =>
    a.shape.length === 0 ? undefined : make(a, axisOf(a, c), c);

const ones = (x: Tensor) => x.shape.map(() => 1);
const zeros = (x: Tensor) => x.shape.map(() => 0);
const replaced = (list: readonly number[], axis: number, value: number) =>
  list.map((old, i) => (i === axis ? value : old));

const makers: readonly Maker[] = [
  (a) => t.tanh(a),
  (a) => t.sigmoid(a),
  (a) => t.exp(t.tanh(a)),
  (a) => t.softplus(a),
  (a) => t.absolute(a),
  (a) => t.select(t.lessOrEqual(a, 0), 0, a),
  (a) => t.sin(a),
  (a) => t.log1p(t.square(a)),
  fitting((a, b) => t.add(a, b)),
  fitting((a, b) => t.subtract(a, b)),
  fitting((a, b) => t.multiply(a, b)),
  fitting((a, b) => t.divide(a, t.add(t.square(b), 1))),
  fitting((a, b) => t.maximum(a, b)),
  fitting((a, b) => t.select(t.less(a, b), t.cos(a), b)),
  along((x, axis) => t.sum(x, axis)),
  along((x, axis) => t.mean(x, axis, { keepDims: true })),
  along((x, axis) => t.max(x, axis)),
  along((x, axis) => t.subtract(x, t.min(x, axis, { keepDims: true }))),
  (a) => t.sum(a),
  along((x, axis) => t.softmax(x, axis)),
  along((x, axis) => t.logSoftmax(x, axis)),
  (a) => (a.shape.length > 2 ? t.sum(a, [0, 2]) : undefined),
  (a) => t.reshape(a, [-1]),
  (a, _, c) => {
    const size = t.sizeOf(a.shape);
    const rows = [2, 3, 4, 5].find((n) => size % n === 0 && n + (c % 2) > 2);
    return rows === undefined ? undefined : t.reshape(a, [rows, -1]);
  },
  (a) => t.transpose(a),
  (a) => (a.shape.length > 1 ? t.transpose(a, [...a.shape.keys()].slice(1).concat(0)) : undefined),
  (a, _, c) => t.broadcastTo(t.expandDims(a, 0), [1 + (c % 3), ...a.shape]),
  along((x, axis) =>
    (x.shape[axis] as number) > 1
      ? t.slice(x, replaced(zeros(x), axis, 1), replaced(x.shape, axis, (x.shape[axis] as number) - 1))
      : undefined,
  ),
  along((x, axis) =>
    t.slice(
      x,
      zeros(x),
      replaced(x.shape, axis, Math.ceil((x.shape[axis] as number) / 2)),
      replaced(ones(x), axis, 2),
    ),
  ),
  along((x, axis) => t.reverse(x, axis)),
  along((x, axis, c) =>
    t.pad(x, replaced(zeros(x), axis, c % 3), replaced(zeros(x), axis, 1), {
      interior: replaced(zeros(x), axis, c % 2),
    }),
  ),
  along((x, axis) => t.concatenate([x, t.multiply(x, 2), x], axis)),
  along((x, axis, c) => {
    const extent = x.shape[axis] as number;
    return extent < 3
      ? undefined
      : t.slidingWindow(x, [
          { axis, size: 2, stride: 1 + (c % 2), dilation: 1 + (c % (extent > 3 ? 2 : 1)) },
        ]);
  }),
  along((x, axis) =>
    (x.shape[axis] as number) < 4
      ? undefined
      : t.max(t.slidingWindow(x, [{ axis, size: 2, stride: 2, dilation: 1 }]), -1),
  ),
  (a, _, c) =>
    a.shape.length === 0 ? undefined : t.gather(a, t.tensor([0, c % (a.shape[0] as number), 0], "i32")),
  (a, _, c) =>
    a.shape.length === 0
      ? undefined
      : t.scatterAdd(
          t.tensor(a.shape[0] === 1 ? [c % 3] : [...Array(a.shape[0]).keys()].map((i) => (i * 2) % 3), "i32"),
          a,
          3,
        ),
  (a) =>
    a.shape.length < 2
      ? undefined
      : t.matmul(
          a,
          t.transpose(a, [...a.shape.keys()].slice(0, -2).concat(a.shape.length - 1, a.shape.length - 2)),
        ),
  (a, b) => {
    const axis = b.shape.indexOf(a.shape.at(-1) ?? -1);
    return a.shape.length === 0 || axis < 0
      ? undefined
      : t.contract(a, b, { leftContracted: [a.shape.length - 1], rightContracted: [axis] });
  },
  along((x, axis) => t.multiply(x, t.cast(t.iota(x.shape, axis), "f32"))),
  along((x, axis) => t.cast(t.argmax(x, axis), "f32")),
];
