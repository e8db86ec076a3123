export { type WasmOptions, wasm, wasmWith } from "./device.js";
export { type CompiledModule, compileModule, type ModuleOptions } from "./module.js";
export { isWasmSupported } from "./support.js";
export { loadThreads } from "./threads/load.js";
export { ThreadError } from "./threads/thread-error.js";
