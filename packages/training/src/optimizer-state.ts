import type { Device } from "@myelin/compiler";
import {
  ArgumentError,
  mapRecord,
  type Optimizer,
  parameter,
  type Shape,
  sizeOf,
  type Tensor,
} from "@myelin/tensor";

type Variables = Readonly<Record<string, Tensor>>;

/** An optimizer and what it remembers: slots like each trained variable, a number per scalar, how many updates it has made. */
export interface OptimizerState {
  readonly definition: Optimizer;
  readonly slots: ReadonlyMap<Tensor, Variables>;
  readonly scalars: Variables;
  readonly variables: readonly Tensor[];
  updates: number;
}

export function optimizerState(
  definition: Optimizer,
  trained: readonly Tensor[],
  device: Device,
): OptimizerState {
  const filled = (initial: Readonly<Record<string, number>>, shape: Shape): Variables =>
    mapRecord(initial, (value, name) => {
      const variable = parameter(name, shape);
      // A device's variables begin as zeros.
      if (value !== 0) device.write(variable, new Float32Array(sizeOf(shape)).fill(value));
      return variable;
    });
  const slots = new Map(trained.map((variable) => [variable, filled(definition.slots, variable.shape)]));
  const scalars = filled(definition.scalars, []);
  const variables = [...slots.values(), scalars].flatMap((kind) => Object.values(kind));
  return { definition, slots, scalars, variables, updates: 0 };
}

/** The learning rate of a step, counted from 0. Throws `ArgumentError` where a schedule gives none that can work. */
export function rateOf({ learningRate }: Optimizer, step: number): number {
  if (typeof learningRate === "number") return learningRate;
  const rate =
    typeof learningRate === "function"
      ? learningRate(step)
      : (Object(learningRate).rate?.(step) ?? learningRate);
  if (Number.isFinite(rate) && rate >= 0) return rate;
  throw new ArgumentError("fit", `a finite learning rate of at least 0 for step ${step}`, rate);
}
