import type { Step } from "@myelin/compiler";
import type { Tensor, Values } from "@myelin/tensor";
import * as t from "@myelin/tensor";

/** Whole numbers that decide, one after the other; again from the front when there are no more. */
export type Choice = readonly number[];
/** A whole number below `limit`. */
type Choose = (limit: number) => number;
type Shape = readonly number[];

const MAXIMUM_SIZE = 1500;
/** Few are 0, because nothing comes of nothing. */
const EXTENTS = [1, 2, 3, 2, 3, 4, 5, 5, 7, 8, 13, 17, 1, 2, 3, 0];

/**
 * A random step of ops that are exact for small whole numbers, so that its meaning leaves no bit to chance: views of views of any
 * rank, extents of 0 and 1, three dtypes and truth values, general products, windows that overlap, rows by computed indices,
 * gradients, and assignments that read each other's parameters.
 */
export function exactStep(leaves: readonly Choice[], choices: readonly Choice[], end: Choice): Step {
  const parameters = leaves.map((choice, i) => leafOf(chooser(choice), i));
  const pool = [...parameters];
  for (const choice of choices) {
    const choose = chooser(choice);
    const maker = makers[choose(makers.length)] as Maker;
    const made = maker(recent(pool, choose), choose, pool);
    if (made !== undefined && t.sizeOf(made.shape) <= MAXIMUM_SIZE && made.shape.length <= 6) pool.push(made);
  }
  const choose = chooser(end);
  const floats = pool.filter(({ dtype }) => dtype === "f32");
  const outputs: Record<string, Tensor> = { last: pool.at(-1) as Tensor, any: recent(pool, choose) };
  const trained = parameters.filter(({ dtype }) => dtype === "f32");
  let gradients: Record<string, Tensor> = {};
  if (floats.length > 0) {
    const seen = floats.at(-1 - choose(Math.min(2, floats.length))) as Tensor;
    const cotangent = t.cast(t.iota([...seen.shape, 1], choose(seen.shape.length + 1)), "f32");
    const loss = t.sum(t.multiply(seen, t.reshape(cotangent, seen.shape)));
    gradients = t.gradient(loss, Object.fromEntries(trained.map((leaf, i) => [`${i}`, leaf])));
    Object.assign(outputs, { loss, ...gradients });
  }
  const assignments = parameters
    .filter(() => choose(3) > 0)
    .map((parameter) => {
      const gradient = gradients[trained.indexOf(parameter)];
      if (gradient && choose(2) > 0) return t.assign(parameter, t.subtract(parameter, gradient));
      const alike = pool.filter(({ dtype }) => dtype === parameter.dtype);
      return t.assign(parameter, fitted(recent(alike, choose), parameter.shape, choose));
    });
  return { name: "exact", outputs, assignments };
}

/** Small whole numbers. */
export function wholeNumbers(leaves: readonly Tensor[], seed: number): Map<Tensor, Values> {
  return new Map(
    leaves.map((leaf, i) => [
      leaf,
      Float64Array.from({ length: t.sizeOf(leaf.shape) }, (_, k) => {
        const number = (t.threefry(seed, i, k, 0)[0] >>> 0) % 7;
        return leaf.dtype === "u8" ? number * 42 : number - 3;
      }),
    ]),
  );
}

function chooser(choice: Choice): Choose {
  let next = 0;
  return (limit) => (choice[next++ % choice.length] as number) % limit;
}

function leafOf(choose: Choose, i: number): Tensor {
  const dtype = (["f32", "f32", "f32", "f32", "i32", "u8"] as const)[choose(6)];
  const shape = Array.from({ length: choose(6) }, () => EXTENTS[choose(EXTENTS.length)] as number);
  while (t.sizeOf(shape) > MAXIMUM_SIZE / 3) shape.pop();
  return t.parameter(`p${i}`, shape, dtype);
}

/** The last ones more often, so that graphs grow deep. */
function recent(pool: readonly Tensor[], choose: Choose): Tensor {
  return pool[pool.length - 1 - choose(Math.min(pool.length, choose(3) === 0 ? pool.length : 4))] as Tensor;
}

/** Other numbers of the same dtype in this shape: repeated, cut, or filled up in front. */
function fitted(x: Tensor, shape: Shape, choose: Choose): Tensor {
  const broadcast = t.broadcastShapes(x.shape, shape);
  if (broadcast && t.sameShape(broadcast, shape)) return t.broadcastTo(x, shape);
  const [have, want] = [t.sizeOf(x.shape), t.sizeOf(shape)];
  const flat = t.reshape(x, [have]);
  const cut =
    have < want ? t.pad(flat, [want - have], [0]) : t.slice(flat, [choose(have - want + 1)], [want]);
  return t.reshape(cut, shape);
}

/** The extents of a shape of as many elements, by some divisors. */
function factors(size: number, choose: Choose): number[] {
  if (size === 0) return [choose(3), 0, 2];
  const first = [1, 2, 3, 5].find((n) => n > choose(5) && size % n === 0) ?? 1;
  const second = [2, 3, 7, 1].find((n) => (size / first) % n === 0) as number;
  return [first, size / first / second, second];
}

type Maker = (x: Tensor, choose: Choose, pool: readonly Tensor[]) => Tensor | undefined;

const isNumber = ({ dtype }: Tensor) => dtype === "f32" || dtype === "i32";
/** Of numbers alone. */
const numeric =
  (make: Maker): Maker =>
  (x, choose, pool) =>
    isNumber(x) ? make(x, choose, pool) : undefined;
/** With a second operand of the same dtype and shape. */
const paired = (make: (x: Tensor, y: Tensor, choose: Choose) => Tensor): Maker =>
  numeric((x, choose, pool) => {
    const alike = pool.filter(({ dtype }) => dtype === x.dtype);
    return make(x, fitted(recent(alike, choose), x.shape, choose), choose);
  });
const someAxes = ({ shape }: Tensor, choose: Choose) => [...shape.keys()].filter(() => choose(2) > 0);

/** Over some pairs of axes with equal extents. */
const product: Maker = (x, choose, pool) => {
  if (x.dtype !== "f32") return undefined;
  const floats = pool.filter(({ dtype }) => dtype === "f32");
  const y = recent(floats, choose);
  const pairs: (readonly [number, number])[] = [];
  for (const [axis, n] of [...x.shape.entries()].reverse()) {
    const other = y.shape.findIndex((m, i) => m === n && pairs.every(([, taken]) => taken !== i));
    if (other >= 0 && choose(4) > 0) pairs.push([axis, other]);
  }
  const batch = pairs.filter(() => choose(3) === 0);
  const inner = pairs.filter((pair) => !batch.includes(pair));
  const axes = (list: typeof pairs, side: 0 | 1) => list.map((pair) => pair[side]);
  return t.contract(t.clip(x, -4, 4), t.clip(y, -4, 4), {
    leftBatch: axes(batch, 0),
    rightBatch: axes(batch, 1),
    leftContracted: axes(inner, 0),
    rightContracted: axes(inner, 1),
  });
};

const makers: readonly Maker[] = [
  paired((x, y) => t.add(x, y)),
  paired((x, y) => t.subtract(y, x)),
  paired((x, y) => t.multiply(t.clip(x, -4, 4), t.clip(y, -4, 4))),
  paired((x, y, choose) => (choose(2) > 0 ? t.maximum(x, y) : t.minimum(x, y))),
  paired((x, y, choose) => t.select((choose(2) > 0 ? t.less : t.equal)(x, y), choose(2) > 0 ? y : 0, x)),
  paired((x, y) => t.lessOrEqual(x, y)),
  numeric((x) => t.absolute(x)),
  (x, choose) => (x.dtype === "f32" ? t.cast(x, "i32") : t.cast(x, choose(3) > 0 ? "f32" : "i32")),
  (x) => (x.dtype === "bool" ? t.select(x, 2, -1) : undefined),
  (x, choose) => (x.dtype === "u8" ? undefined : t.sum(x, someAxes(x, choose), { keepDims: choose(2) > 0 })),
  numeric((x, choose) =>
    x.shape.includes(0) ? undefined : t.max(x, someAxes(x, choose), { keepDims: choose(2) > 0 }),
  ),
  numeric((x, choose) =>
    x.shape.length === 0 || x.shape.includes(0) ? undefined : t.argmax(x, choose(x.shape.length)),
  ),
  (x, choose) => t.reshape(x, factors(t.sizeOf(x.shape), choose)),
  (x, choose) =>
    t.transpose(
      x,
      [...x.shape.keys()].sort((a, b) => choose(3) - 1 || a - b),
    ),
  (x, choose) => t.reverse(x, someAxes(x, choose)),
  (x, choose) => {
    const step = x.shape.map(() => 1 + choose(3));
    const size = x.shape.map((n, i) => Math.ceil(n / (step[i] as number)) - (n > 4 ? choose(2) : 0));
    const room = (n: number, i: number) => n - ((size[i] as number) - 1) * (step[i] as number);
    return t.slice(
      x,
      x.shape.map((n, i) => (n === 0 ? 0 : choose(room(n, i)))),
      size,
      step,
    );
  },
  (x, choose) => {
    const cells = () => x.shape.map(() => Math.max(0, choose(5) - 2));
    return t.pad(x, cells(), cells(), { interior: cells(), value: x.dtype === "bool" ? 0 : choose(2) });
  },
  (x, choose) => {
    const axis = choose(x.shape.length + 1);
    const wide = t.expandDims(x, axis);
    return t.broadcastTo(
      wide,
      wide.shape.map((n, i) => (i === axis ? 1 + choose(4) : n)),
    );
  },
  (x, choose) => {
    const axes = someAxes(x, choose).filter((axis) => (x.shape[axis] as number) > 2);
    const windows = axes
      .slice(0, 2)
      .map((axis) => ({ axis, size: 1 + choose(2), stride: 1 + choose(3), dilation: 1 + choose(2) }));
    return t.slidingWindow(x, windows);
  },
  paired((x, y, choose) => (x.shape.length === 0 ? x : t.concatenate([x, y, x], choose(x.shape.length)))),
  (x, choose, pool) => {
    const rows = x.shape[0] ?? 0;
    const numbers = pool.filter(({ dtype, shape }) => dtype === "i32" && t.sizeOf(shape) < 40);
    if (rows === 0 || x.dtype === "bool") return undefined;
    const computed = numbers.length > 0 && choose(2) > 0 ? recent(numbers, choose) : t.iota([2, 3]);
    return t.gather(x, t.minimum(t.maximum(computed, 0), rows - 1));
  },
  numeric((x, choose, pool) => {
    const shape = x.shape.slice(0, choose(3));
    const numbers = pool.filter(({ dtype }) => dtype === "i32");
    const rows = numbers.length > 0 ? fitted(recent(numbers, choose), shape, choose) : t.zeros(shape, "i32");
    return t.scatterAdd(t.minimum(t.maximum(rows, 0), 4), x, 5);
  }),
  product,
  product,
];
