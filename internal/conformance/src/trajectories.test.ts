import * as activations from "@myelin/activations";
import * as layers from "@myelin/layers";
import { layerFromConfig } from "@myelin/layers";
import * as losses from "@myelin/losses";
import * as optimizers from "@myelin/optimizer";
import type { Config, Loss, Network, Optimizer } from "@myelin/tensor";
import { type FitOptions, Model } from "@myelin/training";
import { describe, expect, it } from "vitest";
import { type GoldenTensor, golden } from "./golden.js";
import { rebuild } from "./members.js";
import { distance, engine } from "./run-step.js";

interface Trajectory {
  readonly name: string;
  readonly network: Config;
  readonly parameters: Readonly<Record<string, GoldenTensor>>;
  readonly loss: Config;
  readonly optimizer: Config;
  readonly options: Pick<FitOptions, "epochs" | "batchSize" | "sampleWeights" | "classWeights">;
  /** How often `fit` is called, with one optimizer. */
  readonly runs: number;
  readonly inputs: GoldenTensor;
  readonly targets: GoldenTensor;
  /** Of every epoch, penalties included. */
  readonly losses: readonly number[];
  /** The loss over all rows after training. */
  readonly scored: number;
  readonly trained: Readonly<Record<string, readonly number[]>>;
  readonly predictions: readonly number[];
}

const cases = golden<readonly Trajectory[]>("trajectories");

describe("trainings agree with PyTorch", () => {
  it.each(cases)("$name", (wanted) => {
    const { model, losses } = train(wanted);
    expect(distance(losses, wanted.losses)).toBeLessThan(1e-5);
    for (const [path, values] of Object.entries(wanted.trained))
      expect(distance(model.parameters[path] ?? [], values), path).toBeLessThan(1e-5);
    const { inputs, targets, loss } = dataOf(wanted);
    expect(distance([model.evaluate({ inputs, targets }, { loss }).loss], [wanted.scored])).toBeLessThan(
      1e-5,
    );
    expect(distance(model.predict(inputs).data, wanted.predictions)).toBeLessThan(1e-5);
  });
});

function dataOf({ inputs, targets, loss }: Trajectory) {
  return { inputs, targets, loss: rebuild(loss, losses) as Loss };
}

function train(wanted: Trajectory) {
  const { network, parameters, options, runs } = wanted;
  const model = new Model(layerFromConfig(network, { layers, activations }) as Network, {
    backend: engine,
  });
  model.setParameters(Object.fromEntries(Object.entries(parameters).map(([path, { data }]) => [path, data])));
  const { inputs, targets, loss } = dataOf(wanted);
  const optimizer = rebuild(wanted.optimizer, optimizers) as Optimizer;
  const history = Array.from({ length: runs }, () => {
    return model.fitSync({ inputs, targets }, { ...options, loss, optimizer, shuffle: false }).history;
  });
  return { model, losses: history.flat().map(({ loss }) => loss) };
}
