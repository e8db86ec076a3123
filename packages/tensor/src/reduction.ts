import { multiply, negate } from "./elementwise.js";
import { ShapeError } from "./errors.js";
import { make } from "./make.js";
import { reshape } from "./movement.js";
import { currentOrigin } from "./origin.js";
import { normalizeAxis, sizeOf } from "./shape.js";
import type { Tensor } from "./tensor.js";

export interface ReductionOptions {
  /** Keep reduced axes with extent 1, so that the result broadcasts against the operand. Default false. */
  readonly keepDims?: boolean;
}

type Axes = number | readonly number[] | undefined;

/** Sum over the given axes (default: all). */
export function sum(x: Tensor, axes?: Axes, options?: ReductionOptions): Tensor {
  return reduce("sum", x, axes, options);
}

/** Mean over the given axes (default: all). */
export function mean(x: Tensor, axes?: Axes, options?: ReductionOptions): Tensor {
  const total = sum(x, axes, options);
  return multiply(total, sizeOf(total.shape) / sizeOf(x.shape));
}

/** Maximum over the given axes (default: all). The gradient goes to the first maximum in row-major order. */
export function max(x: Tensor, axes?: Axes, options?: ReductionOptions): Tensor {
  return reduce("reduceMax", x, axes, options);
}

/** Minimum over the given axes (default: all). The gradient goes to the first minimum in row-major order. */
export function min(x: Tensor, axes?: Axes, options?: ReductionOptions): Tensor {
  return negate(max(negate(x), axes, options));
}

function reduce(op: "sum" | "reduceMax", x: Tensor, axes: Axes, options: ReductionOptions = {}): Tensor {
  const rank = x.shape.length;
  const requested =
    axes === undefined ? x.shape.map((_, axis) => axis) : typeof axes === "number" ? [axes] : axes;
  const reduced = [...new Set(requested.map((axis) => normalizeAxis(axis, rank)))].sort((a, b) => a - b);
  if (reduced.some((axis) => !(axis >= 0 && axis < rank))) {
    throw new ShapeError({
      operation: op === "sum" ? "sum" : "max",
      expected: `axes between ${-rank} and ${rank - 1}, not (${requested.join(", ")})`,
      received: [x.shape],
      path: currentOrigin(),
    });
  }
  const result = reduced.length === 0 ? x : make(op, [x], { axes: reduced });
  return options.keepDims === true
    ? reshape(
        result,
        x.shape.map((extent, axis) => (reduced.includes(axis) ? 1 : extent)),
      )
    : result;
}
