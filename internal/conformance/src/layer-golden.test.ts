import { readFileSync } from "node:fs";
import * as activations from "@myelin/activations";
import * as layers from "@myelin/layers";
import { layerFromConfig } from "@myelin/layers";
import { gradient, multiply, type Shape, sum, type Tensor, tensor } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { traceLayer } from "./layer-trace.js";
import { defineStep, distance, runStep } from "./run-step.js";

interface Golden {
  readonly name: string;
  readonly config: { readonly kind: string };
  /** Default true. */
  readonly training?: boolean;
  /** With rows. */
  readonly inputShape: Shape;
  readonly input: readonly number[];
  readonly parameters: Readonly<Record<string, { readonly shape: Shape; readonly data: readonly number[] }>>;
  readonly output: { readonly shape: Shape; readonly data: readonly number[] };
  readonly cotangent: readonly number[];
  readonly inputGradient: readonly number[];
  readonly parameterGradients: Readonly<Record<string, readonly number[]>>;
  /** What training makes of parameters that are state. Default: nothing. */
  readonly updates?: Readonly<Record<string, readonly number[]>>;
}

/** Written by scripts/golden/layers.py. */
const file = new URL("../golden/layers.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { readonly cases: readonly Golden[] };

describe("layers agree with PyTorch", () => {
  it("on all layers that PyTorch has", () => {
    const kinds = new Set(cases.map(({ config }) => config.kind));
    expect([...kinds].sort()).toEqual([
      "averagePool2d",
      "batchNormalization",
      "conv2d",
      "dense",
      "layerNormalization",
      "maxPool2d",
      "prelu",
    ]);
  });

  for (const golden of cases) {
    it(golden.name, () => {
      const layer = layerFromConfig(golden.config, { layers, activations });
      const [rows, ...features] = golden.inputShape;
      const trace = traceLayer(layer, features, golden.training ?? true, rows);
      const shapes = [...trace.specs].map(([path, { shape }]) => [path, shape]);
      expect(shapes).toEqual(Object.entries(golden.parameters).map(([path, { shape }]) => [path, shape]));
      expect(trace.output.shape).toEqual(golden.output.shape);

      const cotangent = tensor([...golden.cotangent], golden.output.shape);
      const leaves = { input: trace.input, ...Object.fromEntries(trace.parameters) };
      const gradients = gradient(sum(multiply(trace.output, cotangent)), leaves);
      const updates = Object.fromEntries([...trace.updates].map(([path, value]) => [`new ${path}`, value]));
      const outputs = { output: trace.output, ...gradients, ...updates };
      const step = { name: golden.name, outputs, assignments: [] };
      const expected: Record<string, readonly number[]> = {
        output: golden.output.data,
        input: golden.inputGradient,
        ...golden.parameterGradients,
      };
      for (const [path, numbers] of Object.entries(golden.updates ?? {})) expected[`new ${path}`] = numbers;
      expect(Object.keys(updates)).toHaveLength(Object.keys(golden.updates ?? {}).length);
      const values = new Map<Tensor, readonly number[]>([[trace.input, golden.input]]);
      for (const [path, leaf] of trace.parameters) values.set(leaf, golden.parameters[path]?.data ?? []);

      const exact = defineStep(step, values, "f64");
      const compiled = runStep(step, values);
      for (const [name, numbers] of Object.entries(expected)) {
        expect(distance(exact.outputs[name] ?? [], numbers), `${name} in f64`).toBeLessThan(1e-9);
        expect(distance(compiled.outputs[name] ?? [], numbers), `${name} on the engine`).toBeLessThan(1e-5);
      }
    });
  }
});
