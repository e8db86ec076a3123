import type { Device } from "@myelin/compiler";
import { ArgumentError, type Optimizer, parameter, sizeOf, type Tensor } from "@myelin/tensor";

type Variables = Readonly<Record<string, Tensor>>;

/** An optimizer and what it remembers: a vector per slot, a number per scalar, and how many updates it has made. */
export class OptimizerState {
  readonly definition: Optimizer;
  readonly slots: Variables;
  readonly scalars: Variables;
  updates = 0;

  constructor(definition: Optimizer, trainable: Tensor, device: Device) {
    this.definition = definition;
    const variables = (initial: Readonly<Record<string, number>>, shape: readonly number[]): Variables =>
      Object.fromEntries(
        Object.entries(initial).map(([name, value]) => {
          const variable = parameter(name, shape);
          device.write(variable, new Float32Array(sizeOf(shape)).fill(value));
          return [name, variable];
        }),
      );
    this.slots = variables(definition.slots, trainable.shape);
    this.scalars = variables(definition.scalars, []);
  }

  get variables(): Tensor[] {
    return [...Object.values(this.slots), ...Object.values(this.scalars)];
  }

  release(device: Device): void {
    for (const variable of this.variables) device.release(variable);
  }

  /** The learning rate of a step, counted from 0. Throws `ArgumentError` where a schedule gives none that can work. */
  rate(step: number): number {
    const { learningRate } = this.definition;
    if (typeof learningRate === "number") return learningRate;
    const rate = typeof learningRate === "function" ? learningRate(step) : learningRate.rate(step);
    if (Number.isFinite(rate) && rate >= 0) return rate;
    throw new ArgumentError("fit", `a finite learning rate of at least 0 for step ${step}`, rate);
  }
}
