export type { Label } from "./code-writer.js";
export {
  block,
  br,
  brIf,
  choose,
  drop,
  forRange,
  loop,
  type Range,
  ret,
  select,
  unreachable,
  when,
} from "./control.js";
export type { FunctionBuilder, Local } from "./function-builder.js";
export {
  atomic,
  f32,
  f32x4,
  f64,
  f64x2,
  i8x16,
  i16x8,
  i32,
  i32x4,
  i64,
  i64x2,
  memory,
  v128,
} from "./instructions.js";
export { type Func, type Global, type MemoryLimits, ModuleBuilder } from "./module-builder.js";
export {
  after,
  type Body,
  type Code,
  type Expr,
  type Statements,
  sequence,
  type Type,
  type ValueType,
} from "./types.js";
