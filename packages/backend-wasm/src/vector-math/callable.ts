import type { Func, ModuleBuilder } from "../assembler/index.js";
import { type VectorFunction, vectorContext } from "./vector-context.js";

/**
 * A vector function as a WebAssembly function, for code that is big or seldom used: the module holds it once, but a
 * call costs about a nanosecond per vector (V8 does not inline it) and sets up the constants again.
 */
export function callable(
  module: ModuleBuilder,
  name: string,
  emit: VectorFunction,
  options?: { fused?: boolean },
): Func<["v128"], "v128"> {
  return module.function(name, ["v128"], "v128", (builder, x) =>
    emit(vectorContext(builder, options), x.get()),
  );
}
