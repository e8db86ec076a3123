import { exponential } from "./elementary.js";

/**
 * erfc(x) = 1 - erf(x) in float64, relatively accurate where it is small, which the difference is not. Below 2, erf is
 * 2/sqrt(pi) e^(-x²) sum of 2^n x^(2n+1) / (1 3 5 .. (2n+1)) (Abramowitz and Stegun 7.1.6: all terms have one sign); from there
 * on, erfc is e^(-x²)/sqrt(pi) / (x + (1/2)/(x + (2/2)/(x + (3/2)/(x + ..)))) (7.1.14), computed from the inside.
 */
export function complementaryErrorFunction(x: number): number {
  if (x < 0) return 2 - complementaryErrorFunction(-x);
  const bell = exponential(-x * x) / Math.sqrt(Math.PI);
  if (x < 2) {
    let sum = 1;
    for (let n = 60; n >= 1; n--) sum = 1 + (2 * x * x * sum) / (2 * n + 1);
    return 1 - 2 * bell * x * sum;
  }
  let fraction = x;
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction;
  return bell / fraction;
}
