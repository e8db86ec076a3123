/** What is computed without a model: random numbers, initial values, schedules, data, expressions. */
import { blobs, circles, fitStandardScaler, linearData, spirals, split, twoMoons } from "@myelin/data";
import { initializers } from "@myelin/layers";
import {
  constantRate,
  cosineDecay,
  exponentialDecay,
  nadam,
  piecewiseRate,
  stepDecay,
  warmUp,
} from "@myelin/optimizer";
import {
  complementaryErrorFunction,
  cosine,
  exponential,
  interpretGraph,
  log1p,
  logSoftmax,
  naturalLogarithm,
  normal,
  permutation,
  type Scalars,
  scalars,
  sine,
  softmax,
  softplus,
  streamOf,
  type Tensor,
  tanh,
  tensorOf,
  uniform,
} from "@myelin/tensor";
import type { Findings } from "./fingerprint.js";

/** `count` numbers of both signs between 10^-`decades` and `largest`, as many small as large ones. */
function spread(count: number, largest: number, decades = 6): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const size = largest * exponential(-naturalLogarithm(10) * decades * uniform(1, 1, i));
    return i % 2 === 0 ? size : -size;
  });
}

export function randomNumbers(): Findings {
  const draws = Array.from({ length: 2000 }, (_, i) => [uniform(7, 1, i, i, 3), normal(7, 2, i)]);
  return [draws, permutation(1000, 7, streamOf("order"), 5), streamOf("dense_1/kernel")];
}

export function elementaryFunctions(): Findings {
  const [small, large, wide] = [spread(2000, 3), spread(2000, 700), spread(2000, 1e5)];
  return [
    large.map(exponential),
    large.map((x) => naturalLogarithm(Math.abs(x))),
    wide.map(sine),
    wide.map(cosine),
    small.map(complementaryErrorFunction),
  ];
}

export function initialValues(): Findings {
  const { constant, uniform, normal, truncatedNormal, ...others } = initializers;
  const made = [constant(0.1), uniform(), normal(), truncatedNormal({ standardDeviation: 2 })];
  const shapes = [
    [40, 30],
    [3, 3, 4, 8],
  ];
  return [...made, ...Object.values(others)].map(({ config, generate }) => [
    JSON.stringify(config),
    shapes.map((shape) => generate(shape, { seed: 11, stream: streamOf("layer/kernel") })),
  ]);
}

export function schedules(): Findings {
  const all = [
    constantRate(0.1),
    cosineDecay({ initialRate: 0.1, steps: 150, finalRate: 0.003 }),
    cosineDecay({ initialRate: 0.1, steps: 33, restarts: true }),
    exponentialDecay({ initialRate: 0.1, factor: 0.93, every: 7 }),
    piecewiseRate({ boundaries: [10, 20], rates: [0.3, 0.2, 0.1] }),
    stepDecay({ initialRate: 0.1, factor: 0.7, every: 9 }),
    warmUp({ steps: 12, followedBy: cosineDecay({ initialRate: 0.1, steps: 100 }) }),
  ];
  const rates = all.map(({ rate }) => Array.from({ length: 200 }, (_, step) => rate(step)));
  // It works out a constant by a power.
  return [rates, JSON.stringify(nadam({ momentumDecay: 0.0037 }).config)];
}

export function data(): Findings {
  const options = { rows: 300, seed: 5, noise: 0.2 };
  const sets = [twoMoons(options), circles(options), spirals(options), blobs({ ...options, centers: 4 })];
  const line = linearData({ ...options, weights: [2, -1, 0.5], bias: 0.3 });
  const parts = split(sets[0] as ReturnType<typeof twoMoons>, { test: 0.3, seed: 2, stratify: true });
  const scaler = fitStandardScaler(line.inputs);
  return [
    sets.map(({ inputs, targets }) => [inputs.data, targets.data]),
    line.inputs.data,
    line.targets.data,
    parts.train.inputs.data,
    parts.test.targets.data,
    JSON.stringify(scaler.config),
  ];
}

const unary = ["exp", "expm1", "log", "log1p", "sqrt", "tanh", "sigmoid", "erfc", "sin", "cos"] as const;

/** Numbers of the range that a function is defined, and interesting, for. */
function argumentsOf(name: keyof Scalars): Float64Array {
  const all = spread(4000, name === "sin" || name === "cos" ? 1000 : 20);
  return name.startsWith("log") || name === "sqrt" ? all.map(Math.abs) : all;
}

/** The meanings of the ops in float64. */
export function scalarMeanings(): Findings {
  return unary.map((name) => argumentsOf(name).map((x) => scalars[name](x)));
}

export function expressions(): Findings {
  const x: Tensor = tensorOf(Array.from(spread(600, 8)), [20, 30]);
  const outputs = [softmax(x), logSoftmax(x), softplus(x), tanh(x), log1p(softplus(x))];
  const f64 = interpretGraph(outputs, { precision: "f64" });
  return [f64, outputs.map((output) => (output.toArray() as number[][]).flat())];
}

/** What the engine makes of the functions that the language leaves to it; may differ. */
export function engineMath(): Findings {
  const functions = [Math.exp, Math.expm1, Math.log, Math.log1p, Math.tanh, Math.sin, Math.cos];
  return functions.map((one) => spread(20_000, 20).map((x) => one(x) || 0));
}
