export type { Backend, Device, Executable, TypedArray } from "./backend.js";
export * from "./program.js";
