import { wasmWith } from "@myelin/backend-wasm";
import { compile, printProgram, verify } from "@myelin/compiler";
import { trainingStepOf } from "@myelin/training";
import { describe, expect, it } from "vitest";
import { engine } from "./run-step.js";
import { dataFor, type Workload, workloads } from "./workloads.js";

const programOf = (workload: Workload) => {
  const { network, inputs: _, targets: __, ...options } = workload;
  return compile(trainingStepOf(network, dataFor(workload), options));
};

describe.each(Object.entries(workloads))("the training step of %s", (name, workload) => {
  const program = programOf(workload);

  it("has these kernels", () => {
    verify(program);
    const kernels = program.kernels.map(({ family, extents }) => `${family} [${extents.join(", ")}]`);
    expect({ kernels, scratch: program.scratchBytes }).toMatchSnapshot();
  });

  it.runIf(engine.name !== "interpreter")("compiles to a valid module of a few kilobytes", async () => {
    // On one thread: whether a module can be shared depends on the machine.
    const bytes = wasmWith({ threads: 1 }).open().compile(program).bytes as Uint8Array<ArrayBuffer>;
    expect(WebAssembly.validate(bytes)).toBe(true);
    await expect(`${(bytes.length / 1000).toFixed(1)} kB\n`).toMatchFileSnapshot(
      `./programs/${name}.size.txt`,
    );
  });

  if (name === "W1" || name === "W7") {
    it("is this program", async () => {
      await expect(printProgram(program)).toMatchFileSnapshot(`./programs/${name}.txt`);
    });
  }
});
