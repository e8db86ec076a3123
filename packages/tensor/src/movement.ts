import { type Axes, axesOf } from "./axes.js";
import { make } from "./make.js";
import { mapRecord } from "./map-record.js";
import { type Shape, sameShape, sizeOf } from "./shape.js";
import type { Tensor } from "./tensor.js";
import type { Reshaped } from "./typed-shape.js";
import { want, wantShape, wantShapes, wantTensor } from "./want.js";
import { withDefaults } from "./with-defaults.js";

/** The same elements in row-major order under another shape; one extent may be -1 and is worked out. */
export function reshape<const S extends Shape>(x: Tensor, shape: S): Tensor<Reshaped<S>> {
  wantTensor("reshape", x);
  const own = wantShape("reshape", shape, -1);
  // With -1 for one extent, the product of all is minus the product of the others.
  const open = sizeOf(x.shape) / -sizeOf(own);
  const full = own.map((extent) => (extent === -1 && Number.isInteger(open) ? open : extent));
  return make("reshape", [x], { shape: full }) as Tensor<Reshaped<S>>;
}

/** Result axis i is axis `order[i]` of x. Default: all axes reversed. */
export function transpose(x: Tensor, order?: readonly number[]): Tensor {
  const axes = axesOf("transpose", x, order);
  if (!order) axes.reverse();
  return sameShape(axes, [...x.shape.keys()]) ? x : make("permute", [x], { order: axes }, "transpose");
}

/** Repeats axes of extent 1 (and new leading axes) until x has `shape`, without copying. */
export function broadcastTo<const S extends Shape>(x: Tensor, shape: S): Tensor<S> {
  wantTensor("broadcastTo", x);
  const own = wantShape("broadcastTo", shape);
  if (sameShape(x.shape, own)) return x as Tensor<S>;
  const leading = own.slice(x.shape.length).map(() => 1);
  return make("expand", [reshape(x, [...leading, ...x.shape])], { shape: own }, "broadcastTo") as Tensor<S>;
}

/** Inserts axes of extent 1 at the given places of the result. */
export function expandDims(x: Tensor, axes: Axes): Tensor {
  wantTensor("expandDims", x);
  const list = [axes].flat() as number[];
  const shape = [...x.shape, ...list.map(() => 1)];
  const inserted = axesOf("expandDims", { shape }, list);
  let next = 0;
  return reshape(
    x,
    shape.map((_, axis) => (inserted.includes(axis) ? 1 : (x.shape[next++] as number))),
  );
}

export interface PadOptions {
  /** Cells between neighbours, per axis. Default 0. */
  readonly interior?: readonly number[] | undefined;
  /** What new cells hold. Default 0. */
  readonly value?: number | undefined;
}

/** Adds cells before and after each axis. */
export function pad(
  x: Tensor,
  low: readonly number[],
  high: readonly number[],
  options: PadOptions = {},
): Tensor {
  wantTensor("pad", x);
  const { interior, value } = withDefaults("pad", options, { interior: x.shape.map(() => 0), value: 0 });
  return make("pad", [x], { ...wantCells("pad", { low, high, interior }), value });
}

/** `size` cells per axis, from `start`, every `step`-th (default 1). */
export function slice(
  x: Tensor,
  start: readonly number[],
  size: readonly number[],
  step?: readonly number[],
): Tensor {
  wantTensor("slice", x);
  return make("slice", [x], wantCells("slice", { start, size, step: step ?? x.shape.map(() => 1) }));
}

/** The same cells in opposite order along the given axes. */
export function reverse(x: Tensor, axes: Axes): Tensor {
  const list = axesOf("reverse", x, axes).sort((a, b) => a - b);
  return list.length ? make("reverse", [x], { axes: list }) : x;
}

/** Joins tensors along one axis: each padded to the whole, then added; compiled, every part is written in its place. */
export function concatenate(parts: readonly Tensor[], axis = 0): Tensor {
  const first = parts?.[0];
  want(first, "concatenate", "at least one tensor", "none");
  const [along] = axesOf("concatenate", first, axis) as [number];
  const having = (shape: Shape, extent: number) => shape.map((other, i) => (i === along ? extent : other));
  for (const part of parts) {
    wantTensor("concatenate", part);
    const { shape } = part;
    const fits = sameShape(having(shape, 0), having(first.shape, 0));
    wantShapes(fits, "concatenate", `equal extents on every axis but ${along}`, [first.shape, shape]);
  }
  const filled = parts.filter(({ shape }) => shape[along] !== 0);
  if (filled.length === 0) return first;
  const nowhere = first.shape.map(() => 0);
  const whole = parts.reduce((sum, { shape }) => sum + (shape[along] as number), 0);
  let before = 0;
  return filled
    .map((part) => {
      const low = having(nowhere, before);
      before += part.shape[along] as number;
      return pad(part, low, having(nowhere, whole - before));
    })
    .reduce((sum, part) => make("add", [sum, part], {}, "concatenate"));
}

/** Copies of lists with a whole number for every axis. */
function wantCells<Lists extends Readonly<Record<string, Shape>>>(operation: string, lists: Lists): Lists {
  return mapRecord(lists, (list, name) => wantShape(operation, list, 0, name)) as Lists;
}
