/** Everything under one name, and nothing of its own but the choice of the backend. */
export * from "@myelin/activations";
// The tensor language has functions of these names, too; networks are built of the activations.
export { exponential, logSoftmax, sigmoid, softmax, softplus, tanh } from "@myelin/activations";
export {
  isWasmSupported,
  loadThreads,
  ThreadError,
  type WasmOptions,
  wasm,
  wasmWith,
} from "@myelin/backend-wasm";
export { type Backend, explainStep, interpreter } from "@myelin/compiler";
export * from "@myelin/data";
export * from "@myelin/layers";
export * from "@myelin/losses";
export * from "@myelin/metrics";
export * from "@myelin/optimizer";
export { ModelFileError, type ModelFileProblem, type ToBytesOptions } from "@myelin/serialization";
export * from "@myelin/tensor";
export * from "@myelin/training";
export { Model, type ModelOptions } from "./model.js";
export { type FromBytesOptions, fromBytes, toBytes } from "./model-file.js";
