export { wasm, wasmWith } from "./device.js";
export { type CompiledModule, compileModule, type ModuleOptions } from "./module.js";
export { isWasmSupported } from "./support.js";
