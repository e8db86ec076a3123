import { absolute, inOrder, max, type Tensor } from "@myelin/tensor";
import type { Snapshot, Trainer } from "./trainer.js";
import { nextBatch } from "./training-step.js";

export interface Suspicion {
  /** How many steps after the snapshot can be repeated: all since then, or 0 where the data are gone. */
  readonly steps: number;
  readonly firstEpoch: number;
  /** The loss that is not finite; undefined when weights are not. */
  readonly loss: number | undefined;
}

/**
 * Repeats the steps since a snapshot one by one to find the first whose loss is not finite, restores what the step before it
 * started from (the weights that gave the last finite loss), and says where it happened and what to try. The outcome does
 * not depend on how the steps were grouped.
 */
export function settleDivergence(trainer: Trainer, from: Snapshot, suspicion: Suspicion): string {
  const { steps, firstEpoch } = suspicion;
  let { loss } = suspicion;
  let last = from;
  let culprit: string | undefined;
  let { step } = trainer;
  if (steps > 0) {
    trainer.restore(from);
    loss = undefined;
    let finite = 0;
    while (finite < steps && loss === undefined) {
      const value = repeat(trainer, 1);
      if (Number.isFinite(value)) finite++;
      else loss = value;
    }
    trainer.restore(from);
    repeat(trainer, Math.max(0, finite - 1));
    last = trainer.save();
    if (finite > 0) repeat(trainer, 1);
    if (loss !== undefined && trainer.epochIsDone) trainer.beginEpoch(trainer.epoch + 1);
    step = trainer.step + (loss === undefined ? 0 : 1);
    culprit = firstNotFinite(trainer);
  }
  const what = loss === undefined ? "The weights stopped being finite" : `The loss became ${loss}`;
  const where = `in epoch ${trainer.epoch - firstEpoch + 1}, step ${step}`;
  const rate = trainer.learningRate;
  trainer.restore(last);
  // Overflow ends in Infinity; NaN from finite outputs is a logarithm or root of what has none.
  const isOutside = steps > 0 && culprit === undefined && Number.isNaN(loss);
  const advice = isOutside
    ? `The outputs of the network are finite, but not what ${trainer.loss.name} reads: end it in an activation with that range.`
    : `Try a learning rate below ${rate}, gradient clipping, or inputs scaled to about -1 to 1.`;
  return `${what} ${where}${culprit === undefined ? "" : ` (first: ${culprit})`}; the last finite weights are restored. ${advice}`;
}

/** Makes exactly so many steps, across epochs; returns the last loss. */
function repeat(trainer: Trainer, steps: number): number {
  let loss = 0;
  for (let left = steps; left > 0; ) {
    if (trainer.epochIsDone) trainer.beginEpoch(trainer.epoch + 1);
    const progress = trainer.advance(left);
    loss = progress.loss;
    left -= progress.steps;
  }
  return loss;
}

/** The first parameter that is not finite, else the first layer whose output on the next batch is not. */
function firstNotFinite(trainer: Trainer): string | undefined {
  const { session } = trainer;
  for (const [path, values] of Object.entries(session.read()))
    if (!values.every(Number.isFinite)) return `the parameter ${path}`;
  const largest = layerOutputs(trainer).map(([name, output]) => [name, max(absolute(output))] as const);
  const program = session.compile({ name: "search", outputs: Object.fromEntries(largest), assignments: [] });
  trainer.writeControl();
  program.run();
  const found = largest.find(([name]) => !Number.isFinite(program.read(name)[0]));
  return found && `the output of ${found[0]}`;
}

/** What each layer of the network makes of the next batch: the last tensor that it wrote. */
function layerOutputs({ parts, nextRows, session }: Trainer): [name: string, output: Tensor][] {
  const tensors = inOrder([nextBatch(parts, nextRows).traced.output]);
  return session.network.children.flatMap(({ name }) => {
    const inside = (path: string) => path === name || path.startsWith(`${name}/`);
    const output = tensors.findLast(({ dtype, origins }) => dtype === "f32" && [...origins].some(inside));
    return output === undefined ? [] : [[name, output]];
  });
}
