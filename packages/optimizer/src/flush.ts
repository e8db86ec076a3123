import { add, type Tensor } from "@myelin/tensor";

/**
 * Adding and subtracting one of these rounds whatever is far smaller to 0. Numbers below 1e-38 slow a processor down a
 * hundredfold, WebAssembly cannot switch them off, and a decaying average arrives at them and stays (0.9 times the smallest
 * number is again the smallest). Averages of gradients lose nothing above 1e-24, of squares nothing above 1e-30.
 *
 * (x + c) - c is not x: a compiler must leave it as it is.
 */
const OF_MOMENTS = 8.271806125530277e-25; // 2^-80
const OF_SQUARES = 7.888609052210118e-31; // 2^-100

/** An average of gradients, or a velocity, without denormal numbers. */
export function flushMoment(x: Tensor): Tensor {
  return add(add(x, OF_MOMENTS), -OF_MOMENTS);
}

/** An average or sum of squared gradients without denormal numbers. */
export function flushSquare(x: Tensor): Tensor {
  return add(add(x, OF_SQUARES), -OF_SQUARES);
}
