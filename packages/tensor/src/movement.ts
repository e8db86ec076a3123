import { ArgumentError, ShapeError } from "./errors.js";
import { make } from "./make.js";
import type { Window } from "./ops.js";
import { currentOrigin } from "./origin.js";
import { normalizeAxis, type Shape, sameShape, sizeOf } from "./shape.js";
import { zeros } from "./sources.js";
import type { Tensor } from "./tensor.js";
import type { Reshaped } from "./typed-shape.js";

/** The same elements in row-major order under another shape; one extent may be -1 and is worked out. */
export function reshape<const S extends Shape>(x: Tensor, shape: S): Tensor<Reshaped<S>> {
  const open = shape.indexOf(-1);
  let full: Shape = shape;
  if (open >= 0) {
    const known = shape.reduce((size, extent) => (extent === -1 ? size : size * extent), 1);
    full = shape.map((extent) => (extent === -1 ? sizeOf(x.shape) / known : extent));
  }
  if (sizeOf(full) !== sizeOf(x.shape) || full.some((extent) => !Number.isInteger(extent) || extent < 0)) {
    throw new ShapeError({
      operation: "reshape",
      expected: `${sizeOf(x.shape)} elements in the new shape [${shape.join(", ")}]`,
      received: [x.shape],
      path: currentOrigin(),
    });
  }
  return (sameShape(x.shape, full) ? x : make("reshape", [x], { shape: [...full] })) as Tensor<Reshaped<S>>;
}

/** Result axis i is axis `order[i]` of x. Default: all axes reversed. */
export function transpose(
  x: Tensor,
  order: readonly number[] = x.shape.map((_, axis) => x.shape.length - 1 - axis),
): Tensor {
  const axes = order.map((axis) => normalizeAxis(axis, x.shape.length));
  return axes.every((axis, i) => axis === i) ? x : make("permute", [x], { order: axes });
}

/** Repeats axes of extent 1 (and new leading axes) until x has `shape`, without copying. */
export function broadcastTo<const S extends Shape>(x: Tensor, shape: S): Tensor<S> {
  if (sameShape(x.shape, shape)) return x as Tensor<S>;
  const missing = shape.length - x.shape.length;
  const aligned = missing > 0 ? reshape(x, [...new Array<number>(missing).fill(1), ...x.shape]) : x;
  return (
    sameShape(aligned.shape, shape) ? aligned : make("expand", [aligned], { shape: [...shape] })
  ) as Tensor<S>;
}

/** Inserts axes of extent 1 at the given places of the result. */
export function expandDims(x: Tensor, axes: number | readonly number[]): Tensor {
  const list = typeof axes === "number" ? [axes] : axes;
  const rank = x.shape.length + list.length;
  const inserted = new Set(list.map((axis) => normalizeAxis(axis, rank)));
  let next = 0;
  return reshape(
    x,
    Array.from({ length: rank }, (_, axis) => (inserted.has(axis) ? 1 : (x.shape[next++] as number))),
  );
}

export interface PadOptions {
  /** Cells between neighbours, per axis. Default 0. */
  readonly interior?: readonly number[];
  /** What new cells hold. Default 0. */
  readonly value?: number;
}

/** Adds cells before and after each axis. */
export function pad(
  x: Tensor,
  low: readonly number[],
  high: readonly number[],
  options: PadOptions = {},
): Tensor {
  const { interior = x.shape.map(() => 0), value = 0 } = options;
  const nothing = [...low, ...high, ...interior].every((cells) => cells === 0);
  return nothing ? x : make("pad", [x], { low: [...low], high: [...high], interior: [...interior], value });
}

/** `size` cells per axis, from `start`, every `step`-th (default 1). */
export function slice(
  x: Tensor,
  start: readonly number[],
  size: readonly number[],
  step: readonly number[] = x.shape.map(() => 1),
): Tensor {
  const whole = x.shape.every(
    (extent, axis) => start[axis] === 0 && size[axis] === extent && step[axis] === 1,
  );
  return whole ? x : make("slice", [x], { start: [...start], size: [...size], step: [...step] });
}

export function reverse(x: Tensor, axes: number | readonly number[]): Tensor {
  const list = (typeof axes === "number" ? [axes] : axes).map((axis) => normalizeAxis(axis, x.shape.length));
  return list.length === 0 ? x : make("reverse", [x], { axes: [...list].sort((a, b) => a - b) });
}

/** Joins tensors along one axis: each padded to the whole, then added; compiled, every part is written in its place. */
export function concatenate(parts: readonly Tensor[], axis = 0): Tensor {
  const first = parts[0];
  if (first === undefined) throw new ArgumentError("concatenate", "at least one tensor", "none");
  const along = normalizeAxis(axis, first.shape.length);
  for (const part of parts) {
    const fits =
      part.shape.length === first.shape.length &&
      part.shape.every((n, i) => i === along || n === first.shape[i]);
    if (!fits) {
      const expected = `equal extents on every axis but ${along}`;
      throw new ShapeError({
        operation: "concatenate",
        expected,
        received: [first.shape, part.shape],
        path: currentOrigin(),
      });
    }
  }
  const filled = parts.filter((part) => part.shape[along] !== 0);
  const whole = filled.reduce((sum, part) => sum + (part.shape[along] as number), 0);
  if (filled.length === 0) return zeros(first.shape, first.dtype);
  let before = 0;
  const placed = filled.map((part) => {
    const extent = part.shape[along] as number;
    const low = part.shape.map((_, i) => (i === along ? before : 0));
    const high = part.shape.map((_, i) => (i === along ? whole - before - extent : 0));
    before += extent;
    return pad(part, low, high);
  });
  return placed.reduce((sum, part) => make("add", [sum, part], {}));
}

/** A sliding window over some axes: [.., n, ..] -> [.., positions, .., size]. A view: nothing is copied. */
export function slidingWindow(x: Tensor, windows: readonly Window[]): Tensor {
  return make("window", [x], { windows: windows.map((window) => ({ ...window })) });
}
