import { absolute, firstNotFinite, inOrder, max } from "@myelin/tensor";
import { readParameters } from "./parameters.js";
import { compileStep } from "./session.js";
import type { Snapshot, Trainer } from "./trainer.js";

/**
 * Repeats the steps since a snapshot one by one to find the first whose loss is not finite, restores what the step before it
 * started from (the weights that gave the last finite loss), and says where it happened and what to try. The outcome does
 * not depend on how the steps were grouped.
 *
 * `repeatable`: the data are still there. `loss` is the one that was not finite, if it was a loss.
 */
export function settleDivergence(
  trainer: Trainer,
  from: Snapshot,
  repeatable: boolean,
  firstEpoch: number,
  loss = 0,
): string {
  const { steps } = trainer.session;
  let latest = repeatable ? 0 : loss;
  let last = from;
  let next = from;
  if (repeatable) trainer.restore(from);
  // A loss may stay finite with weights that are not.
  while (trainer.session.steps < steps && Number.isFinite(latest) && !overflowed(trainer)) {
    if (trainer.epochIsDone()) trainer.beginEpoch(trainer.at.epoch + 1);
    last = next;
    next = trainer.save();
    latest = trainer.advance(1).loss;
  }
  const { epoch, step } = trainer.at;
  const isSound = Number.isFinite(latest);
  if (isSound) last = next;
  else if (repeatable) trainer.restore(next);
  const culprit = repeatable ? (overflowed(trainer) ?? culpritOf(trainer)) : undefined;
  const rate = trainer.learningRate();
  trainer.restore(last);

  const what = isSound ? "The weights stopped being finite" : `The loss became ${latest}`;
  const first = culprit ? ` (first: ${culprit})` : "";
  // Overflow ends in Infinity; NaN from finite outputs is a logarithm or root of what has none.
  const isOutside = repeatable && !culprit && Number.isNaN(latest);
  const advice = isOutside
    ? `The outputs of the network are finite, but not what ${trainer.loss.name} reads: end it in an activation with that range.`
    : `Try a learning rate below ${rate}, gradient clipping, or inputs scaled to about -1 to 1.`;
  return `${what} in epoch ${epoch - firstEpoch + 1}, step ${step}${first}; the last finite weights are restored. ${advice}`;
}

/** The first parameter that is not finite. */
function overflowed({ session }: Trainer): string | undefined {
  for (const [path, values] of Object.entries(readParameters(session)))
    if (firstNotFinite(values) >= 0) return `the parameter ${path}`;
  return undefined;
}

/** The first layer whose output on the next batch is not finite. */
function culpritOf(trainer: Trainer): string | undefined {
  const { session } = trainer;
  // What a layer makes of the batch is the last tensor that it wrote.
  const tensors = inOrder([trainer.nextBatch().traced.output]);
  const largest = session.network.children.flatMap(({ name }) => {
    const inside = (path: string) => path === name || path.startsWith(`${name}/`);
    const output = tensors.findLast(({ dtype, origins }) => dtype === "f32" && [...origins].some(inside));
    return output ? [[name, max(absolute(output))] as const] : [];
  });
  const search = { name: "search", outputs: Object.fromEntries(largest), assignments: [] };
  const program = compileStep(session, search);
  program.run();
  const found = largest.find(([name]) => !Number.isFinite(program.read(name)[0]));
  return found && `the output of ${found[0]}`;
}
