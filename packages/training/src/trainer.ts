import type { Device, Executable, Step, TypedArray } from "@myelin/compiler";
import {
  type Loss,
  type Metric,
  parameter,
  permutation,
  type Shape,
  streamOf,
  type Tensor,
} from "@myelin/tensor";
import type { MetricValue } from "./data-forms.js";
import { kept, memo, type Store } from "./kept.js";
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

/** Numbers that are copied at once. */
const PART = 2 ** 21;

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
  /** `Session.writes` then. */
  readonly writes: number;
  readonly values: ReadonlyMap<Tensor, TypedArray>;
}

/**
 * Runs compiled training steps and knows where in the data it stands. It never waits and never looks at the clock: its
 * callers say how many steps to make.
 */
export interface Trainer {
  readonly session: Session;
  readonly loss: Loss;
  position(): Position;
  /** Puts data into memory, in the place of data of the same form if there are such; the next row is their first. */
  load(set: Prepared, slice: TimeSlice): Work<void>;
  /** From the first row, in a new order if rows are shuffled; metrics start anew. */
  beginEpoch(epoch: number): void;
  stepsPerEpoch(): number;
  epochIsDone(): boolean;
  /** Makes at most `limit` steps, all with one number of rows, and stops at the end of the epoch. */
  advance(limit: number): Progress;
  /** Of the epoch so far: the mean loss over the rows, and the metrics. */
  results(): { loss: number; metrics: Record<string, MetricValue> };
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
  const { loss, optimizer, metrics, batchSize, seed, shuffle, control } = options;
  const { device, network, variables } = session;
  const memory = kept(session, "training", [loss, optimizer, ...metrics], () => trainingMemory(device));
  const { cells } = memory;
  const knownRates = new Float32Array(RATES).fill(Number.NaN);
  let data: Resident;
  let count = 0;
  let states: MetricStates | undefined;
  let epoch = 0;
  let step = 0;
  let row = 0;
  // Steps add up the loss and the weights of rows in float32 cells. So that the sums are exact enough for any number of
  // steps, JavaScript takes them over now and then: at fixed steps, because the result must not depend on the clock.
  let lossBefore = 0;
  let lossInCell = 0;
  let weightBefore = 0;
  let weightInCell = 0;

  const trainer: Trainer = {
    session,
    loss,
    position: () => ({ epoch, step, row }),
    *load(set, slice) {
      const { inputs, targets, targetShape, indices, weights } = set;
      const shape = targetShape.join();
      const loaded = kept(memory, "metrics", [shape], () =>
        metricStates(metrics, network.outputShape, targetShape),
      );
      if (states !== loaded) resetStates(loaded, device);
      states = loaded;
      count = set.count;
      const form = [count, dtypeOf(inputs), dtypeOf(targets), shape, indices, weights === undefined].join();
      // Batches alternate between a few forms; data that stay are alone.
      const name = batchSize === Number.POSITIVE_INFINITY ? form : "data";
      data = kept(memory, name, [form, states], () => residentFor(set, network.inputShape, loaded));
      row = 0;
      for (let start = 0; start < inputs.length; start += PART) {
        device.write(data.inputs, inputs.subarray(start, start + PART), start);
        yield* slice.rest();
      }
      device.write(data.targets, targets);
      if (data.weights !== undefined) device.write(data.weights, weights as Float32Array);
      if (!shuffle)
        device.write(
          data.order,
          Int32Array.from({ length: count }, (_, place) => place),
        );
    },
    beginEpoch(next) {
      epoch = next;
      step = 0;
      row = 0;
      takeOver();
      lossBefore = 0;
      weightBefore = 0;
      if (states !== undefined) resetStates(states, device);
      if (shuffle) device.write(data.order, permutation(count, seed, streamOf("shuffle"), epoch));
    },
    stepsPerEpoch: () => Math.ceil(count / Math.min(batchSize, count)),
    epochIsDone: () => row >= count,
    advance(limit) {
      const rows = nextRows();
      const place = step % RATES;
      if (place === 0) takeOver();
      // The low word of the step must not wrap inside of a call: only JavaScript advances the high one.
      const untilWrap = 2 ** 32 - (session.steps % 2 ** 32);
      const steps = Math.min(limit, Math.floor((count - row) / rows), RATES - place, untilWrap);
      writeControl();
      writeRates(steps);
      memo(data.programs, rows, () => compileStep(session, trainer.nextStep())).run(steps);
      row += rows * steps;
      step += steps;
      session.steps += steps;
      optimizer.updates += steps;
      const before = { loss: lossInCell, weight: weightInCell };
      lossInCell = device.read(cells.loss)[0] as number;
      weightInCell = data.weights ? (device.read(cells.weight)[0] as number) : weightInCell + rows * steps;
      return { steps, loss: lossInCell - before.loss, weight: weightInCell - before.weight };
    },
    results: () => ({
      loss: (lossBefore + lossInCell) / (weightBefore + weightInCell),
      metrics: scoresOf(data.states, device),
    }),
    learningRate: () => rateOf(optimizer.definition, Math.max(0, optimizer.updates - 1)) * control.rateFactor,
    save: () => ({
      at: trainer.position(),
      steps: session.steps,
      updates: optimizer.updates,
      writes: session.writes,
      values: new Map(
        [...variables, ...optimizer.variables].map((variable) => [variable, device.read(variable)]),
      ),
    }),
    restore({ at, steps, updates, values }) {
      for (const [variable, numbers] of values) device.write(variable, numbers);
      if (epoch !== at.epoch) trainer.beginEpoch(at.epoch);
      takeOver();
      step = at.step;
      row = at.row;
      session.steps = steps;
      optimizer.updates = updates;
    },
    nextStep: () => trainingStep(parts(), nextRows()),
    nextBatch() {
      writeControl();
      return nextBatch(parts(), nextRows());
    },
  };
  return trainer;

  function nextRows(): number {
    return Math.min(batchSize, count - row);
  }

  function parts(): StepParts {
    return { session, loss, optimizer, cells, data };
  }

  function takeOver(): void {
    lossBefore += lossInCell;
    weightBefore += weightInCell;
    lossInCell = 0;
    weightInCell = 0;
    device.write(cells.loss, [0]);
    device.write(cells.weight, [0]);
  }

  /** Tells programs where in the epoch and in the stream of random numbers they are. */
  function writeControl(): void {
    const { steps } = session;
    device.write(cells.control, [row, 0, seed | 0, steps | 0, Math.floor(steps / 2 ** 32)]);
  }

  /** Fills the table of rates for the next steps, if it does not hold them yet. */
  function writeRates(steps: number): void {
    let changed = false;
    for (let place = 0; place < steps; place++) {
      const rate = Math.fround(rateOf(optimizer.definition, optimizer.updates + place) * control.rateFactor);
      changed ||= rate !== knownRates[place];
      knownRates[place] = rate;
    }
    if (changed) device.write(cells.rates, knownRates.subarray(0, steps));
  }
}

/** What runs with the same loss, optimizer and metrics share: cells, and what they keep there. */
function trainingMemory(device: Device): {
  cells: Cells;
  device: Device;
  store: Store;
  variables: readonly Tensor[];
} {
  const store: Store = new Map();
  const cells: Cells = {
    control: parameter("control", [5], "i32"),
    rates: parameter("learning rates", [RATES]),
    loss: parameter("loss", []),
    weight: parameter("weight", []),
  };
  return {
    cells,
    device,
    store,
    get variables() {
      return [...Object.values(cells), ...[...store.values()].flatMap(({ value }) => value.variables ?? [])];
    },
  };
}

function residentFor(
  { count, inputs, targets, targetShape, indices, weights }: Prepared,
  inputShape: Shape,
  states: MetricStates,
): Resident {
  const variables = {
    inputs: parameter("inputs", [count, ...inputShape], dtypeOf(inputs)),
    targets: parameter("targets", [count, ...targetShape], dtypeOf(targets)),
    order: parameter("order", [count], "i32"),
    ...(weights && { weights: parameter("weights", [count]) }),
  };
  return { ...variables, indices, states, programs: new Map(), variables: Object.values(variables) };
}
