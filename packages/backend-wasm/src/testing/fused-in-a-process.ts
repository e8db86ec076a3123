/** A program for a test: prints how far fast arithmetic is from exact arithmetic after a step, and what it is called. */
import { compile } from "@myelin/compiler";
import { wasm, wasmWith } from "../device.js";
import { denseStep } from "./training-steps.js";

const fast = wasmWith({ numerics: "fast" });
const [exactly, quickly] = [wasm, fast].map((backend) => {
  const device = backend.open();
  const { step, values, parameters } = denseStep(14, [23, 37, 5], 28);
  const executable = device.compile(compile(step));
  for (const [tensor, data] of values) device.write(tensor, data);
  executable.run();
  return Array.from(device.read(parameters));
}) as [number[], number[]];
const difference = Math.max(...exactly.map((value, i) => Math.abs(value - (quickly[i] as number))));
globalThis.console.log(JSON.stringify({ name: fast.name, difference }));
