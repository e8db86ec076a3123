import { type Axes, axesOf } from "./axes.js";
import { cast, multiply, negate } from "./elementwise.js";
import { make } from "./make.js";
import { reshape } from "./movement.js";
import { sizeOf, withUnits } from "./shape.js";
import type { Tensor } from "./tensor.js";
import { wantTensor } from "./want.js";
import { withDefaults } from "./with-defaults.js";

export interface ReductionOptions {
  /** Keep reduced axes with extent 1, so that the result broadcasts against the operand. Default false. */
  readonly keepDims?: boolean | undefined;
}

/** Sum over the given axes (default: all). Of bool: how many are true, as i32. */
export function sum(x: Tensor, axes?: Axes, options?: ReductionOptions): Tensor {
  return reduce("sum", x, axes, options);
}

/** Mean over the given axes (default: all). */
export function mean(x: Tensor, axes?: Axes, options?: ReductionOptions): Tensor {
  const total = reduce("sum", x, axes, options, "mean");
  return multiply(total, sizeOf(total.shape) / sizeOf(x.shape));
}

/** Maximum over the given axes (default: all); of bool as i32. The gradient goes to the first maximum in row-major order. */
export function max(x: Tensor, axes?: Axes, options?: ReductionOptions): Tensor {
  return reduce("reduceMax", x, axes, options, "max");
}

/** Minimum over the given axes (default: all). The gradient goes to the first minimum in row-major order. */
export function min(x: Tensor, axes?: Axes, options?: ReductionOptions): Tensor {
  wantTensor("min", x);
  return negate(reduce("reduceMax", negate(x), axes, options, "min"));
}

function reduce(
  op: "sum" | "reduceMax",
  x: Tensor,
  axes?: Axes,
  options: ReductionOptions = {},
  operation: string = op,
): Tensor {
  const { keepDims } = withDefaults(operation, options, { keepDims: false });
  const reduced = axesOf(operation, x, axes);
  const { shape, dtype } = x;
  // Truth values are counted.
  const numbers = dtype === "bool" ? cast(x, "i32") : x;
  const ascending = { axes: [...shape.keys()].filter((axis) => reduced.includes(axis)) };
  const result = make(op, [numbers], ascending, operation);
  return keepDims ? reshape(result, withUnits(shape, reduced)) : result;
}
