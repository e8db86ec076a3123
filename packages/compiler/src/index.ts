export type { Backend, Device, Executable, TypedArray } from "./backend.js";
export { type CompileOptions, compile, type Step } from "./compile.js";
export { printKernel, printProgram } from "./print.js";
export * from "./program.js";
