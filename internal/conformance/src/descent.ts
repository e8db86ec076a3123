import { compile, type Device, type Executable } from "@myelin/compiler";
import { assign, input, type Optimizer, parameter, type Tensor } from "@myelin/tensor";
import { engine } from "./run-step.js";

/** One optimizer on the engine under test, updating a vector of parameters step by step. */
export class Descent {
  readonly #device: Device = engine.open();
  readonly #executable: Executable;
  readonly #parameters: Tensor;
  readonly #state: Readonly<Record<string, Tensor>>;

  /** `slope` gives the gradients at the parameters; left out, they are given to every step. */
  constructor(optimizer: Optimizer, start: readonly number[], slope?: (parameters: Tensor) => Tensor) {
    const shape = [start.length];
    const parameters = parameter("parameters", shape);
    const variables = (names: object, of: readonly number[]) =>
      Object.fromEntries(Object.keys(names).map((name) => [name, parameter(name, of)]));
    const slots = variables(optimizer.slots, shape);
    const scalars = variables(optimizer.scalars, []);
    const next = optimizer.update({
      parameters,
      slots,
      scalars,
      gradients: slope?.(parameters) ?? input("gradients", shape),
      learningRate: input("rate", []),
    });
    const assignments = [
      assign(parameters, next.parameters),
      ...Object.entries(slots).map(([name, slot]) => assign(slot, next.slots[name] as Tensor)),
      ...Object.entries(scalars).map(([name, scalar]) => assign(scalar, next.scalars[name] as Tensor)),
    ];
    this.#parameters = parameters;
    this.#state = { ...slots, ...scalars };
    this.#executable = this.#device.compile(compile({ name: "descent", outputs: {}, assignments }));
    this.#device.write(parameters, start);
    for (const [name, value] of Object.entries(optimizer.slots))
      this.#device.write(slots[name] as Tensor, new Float32Array(start.length).fill(value));
    for (const [name, value] of Object.entries(optimizer.scalars))
      this.#device.write(scalars[name] as Tensor, [value]);
  }

  step(rate: number, gradients?: readonly number[], times = 1): void {
    this.#executable.write("rate", [rate]);
    if (gradients !== undefined) this.#executable.write("gradients", gradients);
    this.#executable.run(times);
  }

  get parameters(): number[] {
    return [...this.#device.read(this.#parameters)];
  }

  /** All numbers that the optimizer keeps, by name. */
  get state(): Readonly<Record<string, number[]>> {
    const entries = Object.entries(this.#state);
    return Object.fromEntries(entries.map(([name, variable]) => [name, [...this.#device.read(variable)]]));
  }
}

/** The learning rate of a step, counted from 0. */
export function rateAt({ learningRate }: Optimizer, step: number): number {
  if (typeof learningRate === "number") return learningRate;
  return typeof learningRate === "function" ? learningRate(step) : learningRate.rate(step);
}
