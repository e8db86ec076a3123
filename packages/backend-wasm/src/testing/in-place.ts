import type { FunctionBuilder, Statements } from "../assembler/index.js";
import { constantsOf, type Vector, type VectorFunction } from "../vector-math/index.js";

/** The value of a vector function where there is no kernel around it: statements, then the value. */
export function inPlace(
  builder: FunctionBuilder,
  emit: VectorFunction,
  x: Vector,
  use: (value: Vector) => Statements,
): Statements {
  const statements: Statements[] = [];
  const context = {
    ...constantsOf(builder, true),
    fused: false,
    emit: (...more: Statements[]) => {
      statements.push(...more);
    },
    keep: (value: Vector) => {
      const local = builder.local("v128");
      statements.push(local.set(value));
      return local;
    },
  };
  const value = emit(context, x);
  return [statements, use(value)];
}
