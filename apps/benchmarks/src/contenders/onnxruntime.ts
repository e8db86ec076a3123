import { env, InferenceSession, Tensor } from "onnxruntime-web";
import { scaledRows } from "../batches.js";
import type { Prepare, Prepared } from "../contender.js";
import { type OnnxModel, type OnnxNode, onnxBytes } from "../onnx-model.js";
import { alternating, meanCrossEntropy } from "../proofs.js";
import type { InferenceTask, MatmulTask } from "../task.js";

/** One session over WebAssembly; models are written by onnx-model.ts. */
export const prepare: Prepare = async (task) => {
  env.wasm.numThreads = 1;
  env.logLevel = "error";
  if (task.kind === "training") throw new Error("ONNX Runtime Web does not train");
  return task.kind === "matmul" ? matmul(task) : inference(task);
};

async function inference(task: InferenceTask): Promise<Prepared> {
  const { batchSize } = task.workload;
  const session = await start(networkOf(task));
  const inputs = scaledRows(task.data, 0, batchSize);
  let outputs: ArrayLike<number> = [];
  return {
    async step(count) {
      for (let i = 0; i < count; i++) {
        const { y } = await session.run({ x: new Tensor("float32", inputs, [batchSize, 784]) });
        outputs = y!.data as Float32Array;
      }
    },
    proof: () => meanCrossEntropy(outputs, task.data.targets, batchSize),
  };
}

async function matmul({ workload: { size }, a, b }: MatmulTask): Promise<Prepared> {
  const shape = [size, size];
  const session = await start({
    nodes: [{ op: "MatMul", inputs: ["a", "b"], output: "product" }],
    initializers: {},
    inputs: { a: shape, b: shape },
    outputs: { product: shape },
  });
  const feeds = { a: new Tensor("float32", a, shape), b: new Tensor("float32", b, shape) };
  let product: ArrayLike<number> = [];
  return {
    async step(count) {
      for (let i = 0; i < count; i++) product = (await session.run(feeds)).product!.data as Float32Array;
    },
    proof: () => alternating(product),
  };
}

function start(model: OnnxModel): Promise<InferenceSession> {
  return InferenceSession.create(onnxBytes(model), { executionProviders: ["wasm"] });
}

function networkOf({ workload, weights }: InferenceTask): OnnxModel {
  const nodes: OnnxNode[] = [];
  let last = "x";
  for (const [i, layer] of workload.layers.entries()) {
    if (layer.kind !== "dense") throw new Error("only dense layers");
    nodes.push({ op: "Gemm", inputs: [last, `kernel${i}`, `bias${i}`], output: `sum${i}` });
    last = `sum${i}`;
    if (layer.activation !== "relu") continue;
    nodes.push({ op: "Relu", inputs: [last], output: `relu${i}` });
    last = `relu${i}`;
  }
  nodes.push({ op: "Softmax", inputs: [last], output: "y" });
  const initializers = weights.flatMap(({ kernel, shape, bias }, i) => [
    [`kernel${i}`, { shape, data: kernel }] as const,
    [`bias${i}`, { shape: [bias.length], data: bias }] as const,
  ]);
  return {
    nodes,
    initializers: Object.fromEntries(initializers),
    inputs: { x: [workload.batchSize, 784] },
    outputs: { y: [workload.batchSize, 10] },
  };
}
