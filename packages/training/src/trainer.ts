import type { Executable, Step, TypedArray } from "@myelin/compiler";
import {
  type Loss,
  type Metric,
  obtain,
  parameter,
  permutation,
  type Shape,
  streamOf,
  type Tensor,
} from "@myelin/tensor";
import type { MetricValue } from "./data-forms.js";
import { copiesOf, kept, owned } from "./kept.js";
import { type MetricStates, metricStates, resetStates, scoresOf } from "./metric-states.js";
import { type OptimizerState, rateOf } from "./optimizer-state.js";
import { dtypeOf, type Prepared } from "./prepare.js";
import { compileStep, type Session } from "./session.js";
import type { TimeSlice } from "./time-slice.js";
import {
  type Batch,
  type Cells,
  nextBatch,
  RATES,
  type ResidentData,
  type StepParts,
  trainingStep,
} from "./training-step.js";
import type { Work } from "./work.js";

export interface TrainerOptions {
  readonly loss: Loss;
  readonly optimizer: OptimizerState;
  readonly metrics: readonly Metric[];
  /** Infinity where data are loaded batch by batch: what was loaded is one step. */
  readonly batchSize: number;
  readonly seed: number;
  readonly shuffle: boolean;
  /** Multiplies every learning rate. */
  readonly control: { readonly rateFactor: number };
}

/** What a stretch of steps did. */
export interface Progress {
  readonly steps: number;
  /** Sum of the loss over the rows, and of the rows' weights. */
  readonly loss: number;
  readonly weight: number;
}

/** Where in the data a run stands: epochs before this one since the network was made, steps done in it, its next row. */
export interface Position {
  readonly epoch: number;
  readonly step: number;
  readonly row: number;
}

/** Everything that training changes, at one moment. */
export interface Snapshot {
  readonly at: Position;
  readonly steps: number;
  readonly updates: number;
  readonly values: ReadonlyMap<Tensor, TypedArray>;
}

/**
 * Runs compiled training steps and knows where in the data it stands. It never waits and never looks at the clock: its
 * callers say how many steps to make.
 */
export interface Trainer {
  readonly session: Session;
  readonly loss: Loss;
  readonly at: Position;
  /**
   * Puts data into memory, in the place of data of the same form if there are such; the next row is their first. Other
   * data are forgotten, except that a stream keeps batches of its last few sizes.
   */
  load(set: Prepared, slice: TimeSlice): Work<void>;
  /** From the first row, in a new order if rows are shuffled; metrics start anew. */
  beginEpoch(epoch: number): void;
  stepsPerEpoch(): number;
  epochIsDone(): boolean;
  /** Makes at most `limit` steps, all with one number of rows, and stops at the end of the epoch. */
  advance(limit: number): Progress;
  /** Mean over the rows of the epoch so far. */
  meanLoss(): number;
  scores(): Record<string, MetricValue>;
  /** That of the step before, or of the first. */
  learningRate(): number;
  save(): Snapshot;
  /** Goes back to a moment of this run; loss and metrics of its epoch are lost. */
  restore(snapshot: Snapshot): void;
  /** What comes next, as expressions: the step, and the batch that it reads. */
  nextStep(): Step;
  nextBatch(): Batch;
}

/** Data of one form in memory, and the programs for batches of them. */
interface Resident extends ResidentData {
  readonly programs: Map<number, Executable>;
  readonly variables: readonly Tensor[];
}

export function startTrainer(session: Session, options: TrainerOptions): Trainer {
  /** Numbers that are copied at once. */
  const PART = 2 ** 21;
  /** Forms of batches that stay in memory with their programs: batches as they come alternate between a few sizes. */
  const FORMS = 8;
  const { loss, optimizer, metrics, batchSize, seed, shuffle, control } = options;
  const { device, network, variables } = session;
  const cells = kept(session, "cells", [loss, optimizer, ...metrics], makeCells);
  const rate = (step: number) => rateOf(optimizer.definition, step) * control.rateFactor;
  /** What the table of rates holds. */
  const rates = new Float32Array(RATES).fill(Number.NaN);
  const at = { epoch: 0, step: 0, row: 0 };
  let data: Resident;
  let count = 0;
  // Steps add up the loss and the weights of rows in float32 cells. So that the sums are exact enough for any number of
  // steps, JavaScript takes them over now and then: at fixed steps, because the result must not depend on the clock.
  let lossBefore = 0;
  let lossInCell = 0;
  let weightBefore = 0;
  let weightInCell = 0;

  const trainer: Trainer = {
    session,
    loss,
    at,
    *load(set, slice) {
      const { inputs, targets, targetShape, indices, weights } = set;
      count = set.count;
      at.row = 0;
      const states = kept(session, "metrics", [cells, targetShape.join()], () =>
        metricStates(metrics, network.outputShape, targetShape),
      );
      const form = [states, count, dtypeOf(inputs), dtypeOf(targets), indices, !weights];
      // Batches keep the last few forms; data that stay are alone. All go with the states: with loss, optimizer and metrics.
      const places = batchSize === Infinity ? FORMS : 1;
      data = kept(session, "data", form, () => residentFor(set, network.inputShape, states), places);
      for (let start = 0; start < inputs.length; start += PART) {
        device.write(data.inputs, inputs.subarray(start, start + PART), start);
        if (slice.isOver()) yield;
      }
      device.write(data.targets, targets);
      if (data.weights) device.write(data.weights, weights as Float32Array);
      if (!shuffle) device.write(data.order, [...Array(count).keys()]);
    },
    beginEpoch(epoch) {
      at.epoch = epoch;
      at.step = 0;
      at.row = 0;
      if (shuffle) device.write(data.order, permutation(count, seed, streamOf("shuffle"), epoch));
    },
    stepsPerEpoch: () => Math.ceil(count / Math.min(batchSize, count)),
    epochIsDone: () => at.row >= count,
    advance(limit) {
      const rows = nextRows();
      const place = at.step % RATES;
      if (place === 0) takeOver();
      if (at.step === 0) {
        lossBefore = 0;
        weightBefore = 0;
        resetStates(data.states, device);
      }
      // The low word of the step must not wrap inside of a call: only JavaScript advances the high one.
      const untilWrap = 2 ** 32 - (session.steps % 2 ** 32);
      const steps = Math.min(limit, Math.floor((count - at.row) / rows), RATES - place, untilWrap);
      writeControl();
      writeRates(steps);
      obtain(data.programs, rows, () => compileStep(session, trainer.nextStep())).run(steps);
      at.row += rows * steps;
      at.step += steps;
      session.steps += steps;
      optimizer.updates += steps;
      const earlierLoss = lossInCell;
      const earlierWeight = weightInCell;
      lossInCell = device.read(cells.loss)[0] as number;
      weightInCell = data.weights ? (device.read(cells.weight)[0] as number) : weightInCell + rows * steps;
      return { steps, loss: lossInCell - earlierLoss, weight: weightInCell - earlierWeight };
    },
    meanLoss: () => (lossBefore + lossInCell) / (weightBefore + weightInCell),
    scores: () => scoresOf(data.states, device),
    learningRate: () => rate(Math.max(0, optimizer.updates - 1)),
    save: () => ({
      at: { ...at },
      steps: session.steps,
      updates: optimizer.updates,
      values: copiesOf(device, [...variables, ...optimizer.variables]),
    }),
    restore(from) {
      for (const [variable, numbers] of from.values) device.write(variable, numbers);
      if (at.epoch !== from.at.epoch) trainer.beginEpoch(from.at.epoch);
      takeOver();
      Object.assign(at, from.at);
      session.steps = from.steps;
      optimizer.updates = from.updates;
    },
    nextStep: () => trainingStep(nextParts()),
    nextBatch() {
      writeControl();
      return nextBatch(nextParts());
    },
  };
  return trainer;

  function nextRows(): number {
    return Math.min(batchSize, count - at.row);
  }

  function nextParts(): StepParts {
    return { session, loss, optimizer, cells, data, rows: nextRows() };
  }

  function takeOver(): void {
    lossBefore += lossInCell;
    weightBefore += weightInCell;
    lossInCell = 0;
    weightInCell = 0;
    device.write(cells.loss, [0]);
    if (data.weights) device.write(cells.weight, [0]);
  }

  function writeRates(steps: number): void {
    let changed = false;
    for (let place = 0; place < steps; place++) {
      const next = Math.fround(rate(optimizer.updates + place));
      changed ||= next !== rates[place];
      rates[place] = next;
    }
    if (changed) device.write(cells.rates, rates.subarray(0, steps));
  }

  /** Tells programs where in the epoch and in the stream of random numbers they are. */
  function writeControl(): void {
    const { steps } = session;
    device.write(cells.control, [at.row, 0, seed | 0, steps | 0, Math.floor(steps / 2 ** 32)]);
  }
}

function makeCells(): Cells & { readonly variables: readonly Tensor[] } {
  return owned({
    control: parameter("control", [5], "i32"),
    rates: parameter("learning rates", [RATES]),
    loss: parameter("loss", []),
    weight: parameter("weight", []),
  });
}

function residentFor(set: Prepared, inputShape: Shape, states: MetricStates): Resident {
  const { count, inputs, targets, targetShape, indices, weights } = set;
  const variables = {
    inputs: parameter("inputs", [count, ...inputShape], dtypeOf(inputs)),
    targets: parameter("targets", [count, ...targetShape], dtypeOf(targets)),
    order: parameter("order", [count], "i32"),
    ...(weights && { weights: parameter("weights", [count]) }),
  };
  return { ...owned(variables), indices, states, programs: new Map() };
}
