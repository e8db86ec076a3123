import type { Step } from "@myelin/compiler";
import {
  add,
  assign,
  cast,
  concatenate,
  equal,
  filled,
  gather,
  gradient,
  iota,
  type Loss,
  maximum,
  mean,
  multiply,
  type OptimizerUpdate,
  reshape,
  select,
  slice,
  sum,
  type Tensor,
  tensorOf,
  want,
} from "@myelin/tensor";
import { assignAll, type MetricStates, updateStates } from "./metric-states.js";
import { type Traced, trace } from "./network.js";
import type { OptimizerState } from "./optimizer-state.js";
import { rowLosses } from "./row-losses.js";
import type { Session } from "./session.js";
import { targetsAsRead } from "./targets.js";

/** Longest run of steps in one call: rows of the table of learning rates. */
export const RATES = 1024;

/** Cells that JavaScript sets before a call and reads after it. */
export interface Cells {
  /** i32 [5]: next row of the epoch, step of this call, and the random key (seed, low and high word of the step). */
  readonly control: Tensor;
  /** f32 [RATES]: the learning rate of each step of the call. */
  readonly rates: Tensor;
  /** f32 []: sum over the rows of what is minimized. */
  readonly loss: Tensor;
  /** f32 []: sum of the weights of those rows; unused where they have none. */
  readonly weight: Tensor;
}

/** Data that stay in memory during a run; rows first. */
export interface ResidentData {
  readonly inputs: Tensor;
  readonly targets: Tensor;
  /** Targets are class indices. */
  readonly indices: boolean;
  readonly weights?: Tensor | undefined;
  /** i32: in which order the rows are visited. */
  readonly order: Tensor;
  readonly states: MetricStates;
}

export interface StepParts {
  readonly session: Session;
  readonly loss: Loss;
  readonly optimizer: OptimizerState;
  readonly cells: Cells;
  readonly data: ResidentData;
  /** Rows of the batch. */
  readonly rows: number;
}

/**
 * The whole training step on the next rows as one graph: gather the batch, forward pass, loss, gradient, clipping,
 * the optimizer's update, and the counters that lead to the next step.
 *
 * Minimized is the mean of the loss over the batch, weighted by the weights of the rows (sum(w l) / sum(w), as in PyTorch),
 * plus what layers add.
 */
export function trainingStep(parts: StepParts): Step {
  const { session, loss, optimizer, cells, data, rows } = parts;
  const { places } = session;
  const { definition, slots, scalars } = optimizer;
  const { indices, targets, traced } = nextBatch(parts);
  const { output, penalty, updates } = traced;
  const perRow = rowLosses(loss, output, targets);
  const share = data.weights && gather(data.weights, indices);
  // A batch without any weight must not divide by zero.
  const weight = share && maximum(sum(share), 1e-30);
  // Not only times 0: what does not count must not matter even where it is not finite.
  const counted = share && select(equal(share, 0), 0, perRow);
  const average = counted && weight ? sum(multiply(counted, share)).divide(weight) : mean(perRow);
  const objective = penalty ? add(average, penalty) : average;

  const trained = places.filter((place) => place.trained);
  const byPath = gradient(objective, Object.fromEntries(trained.map(({ path, tensor }) => [path, tensor])));
  const raw = trained.map(({ path }) => byPath[path] as Tensor);
  const { clipping } = definition;
  const clipped = clipping ? clipping.apply(raw) : raw;
  want(clipped?.length === raw.length, "fit", "clipped gradients", clipped);
  const learningRate = reshape(gather(cells.rates, slice(cells.control, [1], [1])), []);
  const optimized: Tensor[] = [];
  let shared: OptimizerUpdate["scalars"] | undefined;
  for (const [variable, own] of slots) {
    const parts = clipped.filter((_, i) => trained[i]?.variable === variable);
    const gradients = reshape(concatenate(parts.map((part) => reshape(part, [-1]))), variable.shape);
    const now = { parameters: variable, slots: own, scalars, gradients, learningRate };
    const update = Object(definition.update(now)) as Partial<OptimizerUpdate>;
    optimized.push(
      ...assignAll("optimizer", { parameters: variable }, update as never),
      ...assignAll("optimizer", own, update.slots),
    );
    const { scalars: next = {} } = update;
    shared ??= next;
    // Equal expressions are one object.
    const isShared = Object.entries(shared).every(([name, value]) => next[name] === value);
    const wanted = "an optimizer whose scalars follow from scalars and the learning rate";
    want(isShared, "fit", wanted, "other scalars");
  }

  const assignments = [
    ...optimized,
    ...assignAll("optimizer", scalars, shared),
    ...[...updates].map(([name, value]) => {
      const place = places.find(({ path, trained }) => path === name && !trained);
      want(place, "update", "the name of a parameter with trainable: false", name);
      return assign(place.variable, value);
    }),
    ...updateStates(data.states, {
      predictions: output,
      probabilities: loss.link(output),
      targets,
      weights: filled([rows], 1),
    }),
    assign(cells.loss, add(cells.loss, multiply(objective, weight ?? rows))),
    assign(cells.control, add(cells.control, tensorOf([rows, 1, 0, 1, 0], [5], "i32"))),
  ];
  if (weight) assignments.push(assign(cells.weight, add(cells.weight, weight)));
  return { name: `training step, ${rows} rows`, outputs: {}, assignments };
}

/** The next rows of the epoch: which, their targets, and what the network makes of them in training. */
export interface Batch {
  readonly indices: Tensor;
  readonly targets: Tensor;
  readonly traced: Traced;
}

export function nextBatch({ session, cells, data, rows }: StepParts): Batch {
  const indices = gather(data.order, add(iota([rows]), slice(cells.control, [0], [1])));
  const inputs = cast(gather(data.inputs, indices), "f32");
  const targets = targetsAsRead(gather(data.targets, indices), data.indices);
  const key = slice(cells.control, [2], [3]);
  return { indices, targets, traced: trace(session.network, session.tree, inputs, key, true) };
}
