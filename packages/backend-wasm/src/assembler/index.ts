export type { Code, Label } from "./code.js";
export {
  block,
  br,
  brIf,
  drop,
  forRange,
  loop,
  type Range,
  ret,
  select,
  unreachable,
  when,
} from "./control.js";
export { f32, f32x4, f64x2, i8x16, i16x8, i32, i32x4, instructions, v128 } from "./instructions.js";
export {
  type Func,
  type FunctionBuilder,
  type MemoryLimits,
  type ModuleBuilder,
  moduleBuilder,
} from "./module-builder.js";
export type { Body, Expr, Statements, Type, ValueType } from "./types.js";
export type { Global, Local } from "./variable.js";
