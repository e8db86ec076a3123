import { exponential } from "./elementary.js";

/**
 * erf(x) in float64: 2/sqrt(pi) e^(-x²) sum of 2^n x^(2n+1) / (1 3 5 .. (2n+1)) (Abramowitz and Stegun 7.1.6). All terms
 * have one sign, so nothing cancels. Beyond 6 the result is 1 in float64.
 */
export function errorFunction(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * exponential(-x * x) * sum;
}
