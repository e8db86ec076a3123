import {
  absolute,
  add,
  divide,
  equal,
  erfc,
  exp,
  less,
  lessOrEqual,
  log,
  log1p,
  multiply,
  negate,
  select,
  square,
  stopGradient,
  subtract,
} from "./elementwise.js";
import { max, sum } from "./reduction.js";
import type { Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";
import { wantTensor } from "./want.js";

/**
 * log(1 + e^x) without overflow: positivePart(x) + log1p(e^-|x|). At 0 the two parts have kinks that must cancel (the
 * derivative is 1/2), so the positive part is x/2 exactly there.
 */
export function softplus<S extends Shape>(x: Tensor<S>): Tensor<S> {
  wantTensor("softplus", x);
  const positivePart = select(equal(x, 0), multiply(x, 0.5), select(lessOrEqual(x, 0), 0, x));
  return add(positivePart, log1p(exp(negate(absolute(x))))) as Tensor<S>;
}

/** log(sum(e^x)) along one axis (default: the last), which is kept with extent 1. Stable for any finite x. */
export function logSumExp(x: Tensor, axis = -1): Tensor {
  wantTensor("logSumExp", x);
  const top = stopGradient(max(x, axis, { keepDims: true }));
  return add(log(sum(exp(subtract(x, top)), axis, { keepDims: true })), top);
}

/** e^x / sum(e^x) along one axis (default: the last). */
export function softmax<S extends Shape>(x: Tensor<S>, axis = -1): Tensor<S> {
  const all: Tensor = x;
  wantTensor("softmax", x);
  const top = stopGradient(max(all, axis, { keepDims: true }));
  const powers = exp(subtract(all, top));
  return divide(powers, sum(powers, axis, { keepDims: true })) as Tensor<S>;
}

/** x - logSumExp(x) along one axis (default: the last); accurate where softmax would underflow. */
export function logSoftmax<S extends Shape>(x: Tensor<S>, axis = -1): Tensor<S> {
  /**
   * So far below the largest power, which is 1, a power does not change a sum of float32 numbers. Left in, it would come back in
   * gradients: products with such numbers soon are below 1e-38, and those slow a processor down a hundredfold.
   */
  const NEGLIGIBLE = -30;
  const all: Tensor = x;
  wantTensor("logSoftmax", x);
  const shifted = subtract(all, stopGradient(max(all, axis, { keepDims: true })));
  const powers = select(less(shifted, NEGLIGIBLE), 0, exp(shifted));
  return subtract(shifted, log(sum(powers, axis, { keepDims: true }))) as Tensor<S>;
}

/**
 * The error function, 1 - erfc(x). Around 0, where that difference would lose digits, the series 2 / sqrt(pi) times the sum of
 * (-1)^n x^(2n + 1) / (n! (2n + 1)) (Abramowitz and Stegun 7.1.5).
 */
export function erf<S extends Shape>(x: Tensor<S>): Tensor<S> {
  const all: Tensor = x;
  wantTensor("erf", x);
  const isNear = less(absolute(all), 0.5);
  // Far from 0 the series is not used, but must not overflow either: its gradient would be 0 times infinity.
  const near = select(isNear, all, 0);
  const z = square(near);
  let power = multiply(near, 2 / Math.sqrt(Math.PI));
  let series = power;
  for (let n = 1; n <= 11; n++) {
    power = multiply(multiply(power, z), -1 / n);
    series = add(series, multiply(power, 1 / (2 * n + 1)));
  }
  return select(isNear, series, subtract(1, erfc(all))) as Tensor<S>;
}
