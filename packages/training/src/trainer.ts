import type { Device, Executable, TypedArray } from "@myelin/compiler";
import {
  invariant,
  type Loss,
  type Metric,
  parameter,
  permutation,
  streamOf,
  type Tensor,
} from "@myelin/tensor";
import { CellSum } from "./cell-sum.js";
import type { MetricValue } from "./data-forms.js";
import { MetricStates } from "./metric-states.js";
import type { OptimizerState } from "./optimizer-state.js";
import { dtypeOf, type Prepared } from "./prepare.js";
import type { Session } from "./session.js";
import type { TimeSlice, Work } from "./time-slice.js";
import { type Cells, RATES, type ResidentData, type StepParts, trainingStep } from "./training-step.js";

/** Numbers that are copied at once. */
const PART = 2 ** 21;

/** What a stretch of steps did. */
export interface Progress {
  readonly steps: number;
  /** Sum of the loss over the rows, and of the rows' weights. */
  readonly loss: number;
  readonly weight: number;
}

/** Everything that training changes, at one moment. */
export interface Snapshot {
  readonly epoch: number;
  readonly step: number;
  readonly row: number;
  readonly steps: number;
  readonly updates: number;
  /** `Session.writes` then. */
  readonly writes: number;
  readonly values: ReadonlyMap<Tensor, TypedArray>;
}

/** Data of one shape in memory, and the programs for batches of them. */
interface Resident extends ResidentData {
  readonly count: number;
  readonly metrics: MetricStates;
  readonly programs: Map<number, Executable>;
}

/**
 * Runs compiled training steps and knows where in the data it stands. It never waits and never looks at the clock: its
 * callers say how many steps to make.
 */
export class Trainer {
  readonly session: Session;
  readonly loss: Loss;
  readonly optimizer: OptimizerState;
  readonly metrics: readonly Metric[];
  /** Every learning rate is multiplied by this. */
  rateFactor = 1;
  batchSize = 32;
  shuffle = true;
  seed = 0;
  /** Epochs before this one since the network was made. */
  epoch = 0;
  /** Steps done in the epoch, and its next row. */
  step = 0;
  row = 0;
  readonly cells: Cells = {
    control: parameter("control", [5], "i32"),
    rates: parameter("learning rates", [RATES]),
    loss: parameter("loss", []),
    weight: parameter("weight", []),
  };
  #data: Resident | undefined;
  readonly #known = new Map<string, Resident>();
  readonly #metricStates = new Map<string, MetricStates>();
  readonly #lossSum: CellSum;
  readonly #weightSum: CellSum;
  /** What the table of rates holds. */
  readonly #rates = new Float32Array(RATES);

  constructor(session: Session, loss: Loss, optimizer: OptimizerState, metrics: readonly Metric[]) {
    this.session = session;
    this.loss = loss;
    this.optimizer = optimizer;
    this.metrics = metrics;
    this.#lossSum = new CellSum(session.device, this.cells.loss);
    this.#weightSum = new CellSum(session.device, this.cells.weight);
  }

  /** Puts data into memory, in the place of data of the same shape if there are such; the next row is their first. */
  load(set: Prepared): void {
    for (const _ of this.loading(set));
  }

  /** `load` in pieces. */
  *loading(set: Prepared, slice?: TimeSlice): Work<void> {
    const { device } = this.session;
    const key = [
      set.count,
      dtypeOf(set.inputs),
      dtypeOf(set.targets),
      set.targetShape,
      set.indices,
      set.weights === undefined,
    ].join();
    const data = this.#known.get(key) ?? this.#allocate(key, set);
    this.#data = data;
    this.row = 0;
    for (let start = 0; start < set.inputs.length; start += PART) {
      device.write(data.inputs, set.inputs.subarray(start, start + PART), start);
      if (slice?.isOver) yield* slice.rest();
    }
    device.write(data.targets, set.targets);
    if (data.weights !== undefined && set.weights !== undefined) device.write(data.weights, set.weights);
    if (!this.shuffle)
      device.write(
        data.order,
        Int32Array.from({ length: set.count }, (_, row) => row),
      );
  }

  /** Gives the memory of all data but the loaded ones back. */
  forgetOthers(): void {
    for (const [key, data] of this.#known) {
      if (data === this.#data) continue;
      releaseData(data, this.session.device);
      this.#known.delete(key);
    }
  }

  /** From the first row, in a new order if rows are shuffled; metrics start anew. */
  beginEpoch(epoch: number): void {
    this.epoch = epoch;
    this.step = 0;
    this.row = 0;
    this.#lossSum.restart();
    this.#weightSum.restart();
    const { device } = this.session;
    for (const states of this.#metricStates.values()) states.reset(device);
    if (!this.shuffle) return;
    const { order, count } = this.#loaded();
    device.write(order, permutation(count, this.seed, streamOf("shuffle"), epoch));
  }

  get stepsPerEpoch(): number {
    return Math.ceil(this.#loaded().count / this.batchSize);
  }

  get epochIsDone(): boolean {
    return this.row >= this.#loaded().count;
  }

  /** Makes at most `limit` steps, all with one number of rows, and stops at the end of the epoch. */
  advance(limit: number): Progress {
    const { session, optimizer } = this;
    const data = this.#loaded();
    const left = data.count - this.row;
    const rows = Math.min(this.batchSize, left);
    const place = this.step % RATES;
    if (place === 0) this.#takeOverSums();
    // The low word of the step must not wrap inside of a call: only JavaScript advances the high one.
    const steps = Math.min(
      limit,
      Math.floor(left / rows),
      RATES - place,
      2 ** 32 - (session.steps % 2 ** 32),
    );
    this.writeControl();
    this.#writeRates(steps);
    this.#program(data, rows).run(steps);
    this.row += rows * steps;
    this.step += steps;
    session.steps += steps;
    optimizer.updates += steps;
    const weight =
      data.weights === undefined ? this.#weightSum.add(rows * steps) : this.#weightSum.increase();
    return { steps, loss: this.#lossSum.increase(), weight };
  }

  /** Mean over the rows of the epoch so far. */
  get meanLoss(): number {
    return this.#lossSum.total / this.#weightSum.total;
  }

  #takeOverSums(): void {
    this.#lossSum.takeOver();
    this.#weightSum.takeOver();
  }

  /** Tells programs where in the epoch and in the stream of random numbers they are. */
  writeControl(): void {
    const { device, steps } = this.session;
    device.write(this.cells.control, [this.row, 0, this.seed | 0, steps | 0, Math.floor(steps / 2 ** 32)]);
  }

  /** That of the step before, or of the first. */
  get learningRate(): number {
    return this.optimizer.rate(Math.max(0, this.optimizer.updates - 1)) * this.rateFactor;
  }

  metricScores(): Record<string, MetricValue> {
    return this.#loaded().metrics.results(this.session.device);
  }

  save(): Snapshot {
    const { epoch, step, row, optimizer, session } = this;
    const variables = [...session.variables, ...optimizer.variables];
    const values = new Map(variables.map((variable) => [variable, session.device.read(variable)]));
    return {
      epoch,
      step,
      row,
      steps: session.steps,
      updates: optimizer.updates,
      writes: session.writes,
      values,
    };
  }

  /** Goes back to a moment of this run; loss and metrics of its epoch are lost. */
  restore({ epoch, step, row, steps, updates, values }: Snapshot): void {
    for (const [variable, data] of values) this.session.device.write(variable, data);
    if (this.epoch !== epoch) this.beginEpoch(epoch);
    this.#takeOverSums();
    this.step = step;
    this.row = row;
    this.session.steps = steps;
    this.optimizer.updates = updates;
  }

  /** What graphs over the loaded data are made of. */
  get parts(): StepParts {
    const { session, loss, optimizer, cells } = this;
    const data = this.#loaded();
    return { session, loss, optimizer, cells, data, metrics: data.metrics };
  }

  /** Rows of the step that comes next. */
  get nextRows(): number {
    return Math.min(this.batchSize, this.#loaded().count - this.row);
  }

  release(): void {
    const { device } = this.session;
    for (const data of this.#known.values()) releaseData(data, device);
    for (const states of this.#metricStates.values()) states.release(device);
    for (const cell of Object.values(this.cells)) device.release(cell);
  }

  #loaded(): Resident {
    invariant(this.#data !== undefined, "no data are loaded");
    return this.#data;
  }

  #allocate(key: string, set: Prepared): Resident {
    const { count, targetShape, indices } = set;
    const { inputShape, outputShape } = this.session.network;
    const states = targetShape.join();
    const metrics =
      this.#metricStates.get(states) ??
      new MetricStates(this.metrics, [this.batchSize, ...outputShape], [this.batchSize, ...targetShape]);
    this.#metricStates.set(states, metrics);
    const data: Resident = {
      count,
      indices,
      metrics,
      programs: new Map(),
      inputs: parameter("inputs", [count, ...inputShape], dtypeOf(set.inputs)),
      targets: parameter("targets", [count, ...targetShape], dtypeOf(set.targets)),
      weights: set.weights && parameter("weights", [count]),
      order: parameter("order", [count], "i32"),
    };
    this.#known.set(key, data);
    return data;
  }

  #program(data: Resident, rows: number): Executable {
    let program = data.programs.get(rows);
    if (program === undefined) {
      program = this.session.compile(trainingStep(this.parts, rows));
      data.programs.set(rows, program);
    }
    return program;
  }

  /** Fills the table of rates for the next steps, if it does not hold them yet. */
  #writeRates(steps: number): void {
    const { updates } = this.optimizer;
    let changed = false;
    for (let step = 0; step < steps; step++) {
      const rate = Math.fround(this.optimizer.rate(updates + step) * this.rateFactor);
      changed ||= rate !== this.#rates[step];
      this.#rates[step] = rate;
    }
    if (changed) this.session.device.write(this.cells.rates, this.#rates.subarray(0, steps));
  }
}

function releaseData(data: Resident, device: Device): void {
  for (const variable of [data.inputs, data.targets, data.weights, data.order])
    if (variable !== undefined) device.release(variable);
}
