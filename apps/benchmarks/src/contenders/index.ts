import type { Contender } from "../contender.js";

/** Everyone, in the order of the tables; ratios are to the first. */
export const contenders: readonly Contender[] = [
  {
    // As it comes: as many threads as pay.
    name: "myelin",
    package: "myelin",
    supports: () => true,
    run: async () => (await import("./myelin.js")).prepare(),
  },
  {
    name: "myelin:1-thread",
    supports: () => true,
    run: async () => (await import("./myelin.js")).prepare({ threads: 1 }),
  },
  {
    // Multiplications and additions rounded together, where the runtime can.
    name: "myelin:fast",
    optional: true,
    supports: () => true,
    run: async () => (await import("./myelin.js")).prepare({ numerics: "fast" }),
  },
  {
    // The portable one, whose results are the definition: for its proof.
    name: "myelin:interpreter",
    optional: true,
    supports: ({ kind, name }) => kind !== "matmul" && !["W4", "W5", "W7", "W6-1024"].includes(name),
    run: async () => (await import("./myelin.js")).prepare("interpreter"),
  },
  {
    name: "jax-js",
    package: "@jax-js/jax",
    supports: () => true,
    run: async () => (await import("./jax-js.js")).prepare,
  },
  {
    name: "tfjs:wasm",
    package: "@tensorflow/tfjs-core",
    // It has no gradient of a convolution.
    supports: ({ name }) => name !== "W7",
    run: async () => (await import("./tensorflow.js")).prepare("wasm"),
  },
  {
    name: "tfjs:cpu",
    package: "@tensorflow/tfjs-core",
    // Plain JavaScript: many seconds for one step of the large ones.
    supports: ({ name }) => !["W4", "W5", "W7", "W8-1024"].includes(name),
    run: async () => (await import("./tensorflow.js")).prepare("cpu"),
  },
  {
    name: "brain.js",
    package: "brain.js",
    supports: ({ name }) => ["W1", "W2", "W3"].includes(name),
    differs: () => "updates after every sample, with momentum; squared error; one activation for all layers",
    run: async () => (await import("./brain-js.js")).prepare,
  },
  {
    name: "convnetjs",
    package: "convnetjs",
    supports: ({ kind, name }) => kind !== "matmul" && name !== "W5",
    differs: (workload) => {
      if (workload.kind !== "training") return undefined;
      if (workload.name === "W1") return "two outputs with softmax";
      return workload.loss === "meanSquaredError"
        ? "windowgrad, half of the squared error"
        : "windowgrad for Adam";
    },
    run: async () => (await import("./convnet-js.js")).prepare,
  },
  {
    name: "onnxruntime-web",
    package: "onnxruntime-web",
    supports: ({ kind }) => kind !== "training",
    run: async () => (await import("./onnxruntime.js")).prepare,
  },
  torch("torch", 1, 1),
  torch("torch:blas-2", 1, 2),
  torch("torch:omp-2", 2, 1),
];

/** With two threads only one of its two pools gets them: both together are slower than either. */
function torch(name: string, torchThreads: number, blasThreads: number): Contender {
  return { name, supports: () => true, run: { torchThreads, blasThreads } };
}

export function contenderNamed(name: string): Contender {
  const found = contenders.find((contender) => contender.name === name);
  if (found === undefined) throw new Error(`no contender ${name}`);
  return found;
}

/** "tfjs" selects tfjs:wasm and tfjs:cpu. Throws for a name that selects nobody. */
export function selectContenders(names: readonly string[] | undefined): readonly Contender[] {
  if (names === undefined) return contenders.filter(({ optional }) => optional !== true);
  for (const name of names) {
    if (contenders.some((contender) => isCalled(contender, name))) continue;
    throw new Error(`no peer ${name}; there are ${contenders.map((contender) => contender.name).join(", ")}`);
  }
  return contenders.filter((contender) => names.some((name) => isCalled(contender, name)));
}

function isCalled(contender: Contender, name: string): boolean {
  return contender.name === name || (contender.optional !== true && contender.name.startsWith(`${name}:`));
}
