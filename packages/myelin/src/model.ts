import { isWasmSupported, wasm } from "@myelin/backend-wasm";
import { type Backend, interpreter } from "@myelin/compiler";
import type { Network, Shape } from "@myelin/tensor";
import { Model as ModelOn, type ModelOptions as OptionsOn } from "@myelin/training";

export interface ModelOptions extends Omit<OptionsOn, "backend"> {
  /** Default: `wasm`, or the portable `interpreter` where WebAssembly is missing or refused. */
  readonly backend?: Backend | undefined;
}

/** `Model` of @myelin/training that finds its backend by itself. */
export class Model<Input extends Shape = Shape, Output extends Shape = Shape> extends ModelOn<Input, Output> {
  constructor(network: Network<Input, Output>, options: ModelOptions = {}) {
    const backend = options?.backend ?? (isWasmSupported() ? wasm : interpreter);
    super(network, typeof options === "object" ? { ...options, backend } : options);
  }
}
