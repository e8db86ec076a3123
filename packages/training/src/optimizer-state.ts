import type { Device } from "@myelin/compiler";
import { ArgumentError, type Optimizer, parameter, type Shape, sizeOf, type Tensor } from "@myelin/tensor";
import { mapRecord } from "./map-record.js";

type Variables = Readonly<Record<string, Tensor>>;

/** An optimizer and what it remembers: a vector per slot, a number per scalar, and how many updates it has made. */
export interface OptimizerState {
  readonly definition: Optimizer;
  readonly slots: Variables;
  readonly scalars: Variables;
  readonly variables: readonly Tensor[];
  updates: number;
}

export function optimizerState(definition: Optimizer, trainable: Tensor, device: Device): OptimizerState {
  const filled = (initial: Readonly<Record<string, number>>, shape: Shape): Variables =>
    mapRecord(initial, (value, name) => {
      const variable = parameter(name, shape);
      device.write(variable, new Float32Array(sizeOf(shape)).fill(value));
      return variable;
    });
  const slots = filled(definition.slots, trainable.shape);
  const scalars = filled(definition.scalars, []);
  const variables = [slots, scalars].flatMap((kind) => Object.values(kind));
  return { definition, slots, scalars, variables, updates: 0 };
}

/** The learning rate of a step, counted from 0. Throws `ArgumentError` where a schedule gives none that can work. */
export function rateOf({ learningRate }: Optimizer, step: number): number {
  if (typeof learningRate === "number") return learningRate;
  const rate = typeof learningRate === "function" ? learningRate(step) : learningRate.rate(step);
  if (Number.isFinite(rate) && rate >= 0) return rate;
  throw new ArgumentError("fit", `a finite learning rate of at least 0 for step ${step}`, rate);
}
