import * as activations from "@myelin/activations";
import * as backendWasm from "@myelin/backend-wasm";
import * as data from "@myelin/data";
import * as layers from "@myelin/layers";
import * as losses from "@myelin/losses";
import * as metrics from "@myelin/metrics";
import * as optimizer from "@myelin/optimizer";
import * as tensor from "@myelin/tensor";
import * as training from "@myelin/training";
import { expect, it } from "vitest";
import * as myelin from "./index.js";

type Namespace = Readonly<Record<string, unknown>>;
const everything: Namespace = myelin;
const preferred: Namespace = activations;

const packages = { activations, data, layers, losses, metrics, optimizer, tensor, training };

it.each(Object.entries(packages))("exports all of @myelin/%s", (name, namespace) => {
  for (const [member, value] of Object.entries(namespace)) {
    // Activations win over functions of the language, and the model knows its backend.
    const winner = name === "tensor" ? (preferred[member] ?? value) : value;
    if (member !== "Model") expect(everything[member], member).toBe(winner);
  }
});

it("has a model that is one of @myelin/training on WebAssembly", () => {
  const model = new myelin.Model(myelin.sequential([1], myelin.dense(1)));
  expect(model).toBeInstanceOf(training.Model);
  expect(backendWasm.isWasmSupported()).toBe(true);
  expect(model.engine).toBe("wasm");
  expect(new myelin.Model(model.network, { backend: myelin.interpreter }).engine).toBe("interpreter");
});
