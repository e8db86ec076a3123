import {
  gradient,
  interpretGraph,
  multiply,
  normal,
  parameter,
  type Shape,
  sizeOf,
  streamOf,
  sum,
  type Tensor,
  tensor,
  type Values,
} from "@myelin/tensor";
import { expectClose, type Tolerance } from "./closeness.js";
import { evaluateOnEngine } from "./engine.js";

/** Standard normal numbers that depend on `name` only. */
export function randomNumbers(name: string, size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => normal(11, streamOf(name), i));
}

/**
 * The gradient of `build` at `values`, under a random cotangent, against central differences in f64; first as the f64
 * interpreter has it (tight), then as the engine under test has it (float32).
 */
export function checkGradient(
  build: (x: Tensor) => Tensor,
  shape: Shape,
  values: Values,
  onEngine: Tolerance = { relative: 1e-4, absolute: 1e-5 },
): void {
  const x = parameter("x", shape);
  const y = build(x);
  const cotangent = tensor(randomNumbers("cotangent", sizeOf(y.shape)), y.shape);
  const loss = sum(multiply(y, cotangent));
  const dx = gradient(loss, x);
  const numeric = centralDifferences(loss, x, values);
  const [exact] = interpretGraph([dx], { precision: "f64", values: new Map([[x, values]]) });
  expectClose(exact as Float64Array, numeric, { relative: 1e-6, absolute: 1e-7 });
  const [computed] = evaluateOnEngine([dx], new Map([[x, values]]));
  expectClose(computed as ArrayLike<number>, numeric, onEngine);
}

function centralDifferences(loss: Tensor, x: Tensor, values: Values): Float64Array {
  const at = Float64Array.from(values);
  return Float64Array.from(values, (value, i) => {
    const step = 1e-5 * Math.max(1, Math.abs(value));
    const moved = (delta: number) => {
      at[i] = value + delta;
      const [result] = interpretGraph([loss], { precision: "f64", values: new Map([[x, at]]) });
      at[i] = value;
      return result?.[0] as number;
    };
    return (moved(step) - moved(-step)) / (2 * step);
  });
}
