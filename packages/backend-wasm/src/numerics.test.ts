import { compile } from "@myelin/compiler";
import { afterEach, expect, test, vi } from "vitest";
import { wasmWith } from "./device.js";
import { hasFusedArithmetic } from "./support.js";
import { runProcess } from "./testing/run-process.js";
import { denseStep } from "./testing/training-steps.js";

afterEach(() => vi.restoreAllMocks());

/** f32x4.relaxed_madd. */
const FUSED = [0xfd, 0x85, 0x02];

function usesFusedArithmetic(bytes: Uint8Array | undefined): boolean {
  return bytes?.some((_, at) => FUSED.every((byte, i) => bytes[at + i] === byte)) === true;
}

test("arithmetic is exact unless asked for, and its name says what it is", () => {
  expect(wasmWith().name).toBe("wasm");
  expect(wasmWith({ numerics: "exact" }).name).toBe("wasm");
  const validate = vi.spyOn(WebAssembly, "validate").mockReturnValue(true);
  expect(wasmWith({ numerics: "fast" }).name).toBe("wasm fast");
  expect(wasmWith().name).toBe("wasm");
  expect(usesFusedArithmetic(validate.mock.calls[0]?.[0] as Uint8Array)).toBe(true);
});

test("fast arithmetic is exact where the runtime has no relaxed SIMD", () => {
  vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  const fast = wasmWith({ numerics: "fast" });
  expect(fast.name).toBe("wasm");
  const { bytes } = fast.open().compile(compile(denseStep(14, [23, 37, 5], 28).step));
  expect(usesFusedArithmetic(bytes)).toBe(false);
});

test("products are added in one rounding where that exists", async () => {
  // Node 20 has it behind a flag.
  const flags = hasFusedArithmetic() ? [] : ["--experimental-wasm-relaxed-simd"];
  const { output } = await runProcess("fused-in-a-process.ts", flags);
  const { name, difference } = JSON.parse(output) as { name: string; difference: number };
  expect(name).toBe("wasm fast");
  expect(difference).toBeGreaterThan(0);
  expect(difference).toBeLessThan(1e-5);
}, 15_000);
