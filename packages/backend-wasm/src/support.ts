import { f32x4, moduleBuilder, v128 } from "./assembler/index.js";

let supported: boolean | undefined;

/**
 * Whether the `wasm` backend works here: WebAssembly with SIMD exists, and compiling is allowed (a content security
 * policy may refuse it; it needs `wasm-unsafe-eval`).
 */
export function isWasmSupported(): boolean {
  supported ??= tryToCompile();
  return supported;
}

/** Whether the runtime can round `a * b + c` once (relaxed SIMD). */
export function hasFusedArithmetic(): boolean {
  const probe = moduleBuilder();
  probe.function("probe", ["v128"], "v128", (_, x) => f32x4.relaxed_madd(x, x, x));
  return WebAssembly.validate(probe.toBytes());
}

function tryToCompile(): boolean {
  const probe = moduleBuilder();
  probe.function("probe", [], "i32", () => v128.any_true(f32x4.splat(f32x4.extract_lane(f32x4.const(1), 0))));
  try {
    new WebAssembly.Module(probe.toBytes());
    return true;
  } catch {
    return false;
  }
}
