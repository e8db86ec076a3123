export type { Backend, Device, Executable, TypedArray } from "./backend.js";
export { type CompileOptions, compile, type Step } from "./compile.js";
export { explainStep } from "./explain.js";
export { interpretProgram, prepareProgram } from "./interpret-program.js";
export { interpreter, interpreterWith } from "./interpreter.js";
export { addressMoves, dependsOn, operandsOf, stagesOf } from "./levels.js";
export { printKernel, printProgram } from "./print.js";
export { printGraph } from "./print-graph.js";
export * from "./program.js";
