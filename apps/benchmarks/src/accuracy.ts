import { mnist } from "@myelin/data/mnist";
import { accuracy, adam, crossEntropy, dense, type Layer, Model, relu, rescaling, sequential } from "myelin";
import { type Summary, summarize } from "./statistics.js";
import { type LayerSpec, selectWorkloads, type TrainingWorkload } from "./workloads.js";

export interface Accuracy {
  readonly workload: string;
  /** Share of right answers on the 10,000 test images after one epoch, over the seeds. */
  readonly share: Summary;
  readonly wanted: number;
}

/** Speed counts only where the network learns: the median over five seeds after one epoch. */
export function measureAccuracy(seeds: readonly number[] = [1, 2, 3, 4, 5]): readonly Accuracy[] {
  return [
    { workload: "W3", wanted: 0.955 },
    { workload: "W4", wanted: 0.963 },
  ].map(({ workload, wanted }) => {
    const [chosen] = selectWorkloads([workload]);
    const shares = seeds.map((seed) => afterOneEpoch(chosen as TrainingWorkload, seed));
    return { workload, wanted, share: summarize(shares) };
  });
}

function afterOneEpoch({ layers, batchSize, optimizer }: TrainingWorkload, seed: number): number {
  const model: Model = new Model(sequential([784], rescaling(1 / 255), ...layers.map(makeLayer)), { seed });
  model.fitSync(mnist.train, {
    loss: crossEntropy({ fromLogits: true }),
    optimizer: adam({ learningRate: optimizer.learningRate }),
    metrics: [accuracy],
    batchSize,
  });
  return Number(model.evaluate(mnist.test).accuracy);
}

function makeLayer(spec: LayerSpec): Layer {
  if (spec.kind !== "dense") throw new Error("only dense layers");
  return dense(spec.units, { activation: spec.activation === "relu" ? relu : undefined });
}

export function printAccuracy(results: readonly Accuracy[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  return [
    "## Accuracy: one epoch of MNIST, five seeds",
    "",
    "| | median | quartiles | wanted | |",
    "|---|--:|--:|--:|---|",
    ...results.map(
      ({ workload, share: { median, low, high }, wanted }) =>
        `| ${workload} | ${percent(median)} | ${percent(low)} to ${percent(high)} | ${percent(wanted)} | ${median >= wanted ? "✓" : "✗"} |`,
    ),
    "",
  ].join("\n");
}
