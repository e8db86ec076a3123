import type { Executable } from "@myelin/compiler";
import { cast, input, type Loss, type Metric, multiply, select, sizeOf, sum } from "@myelin/tensor";
import { chunk, rowsPerRun } from "./chunks.js";
import type { MetricValue, Scores } from "./data-forms.js";
import { MetricStates } from "./metric-states.js";
import { dtypeOf, type Prepared } from "./prepare.js";
import type { Session } from "./session.js";
import { targetsAsRead } from "./targets.js";
import type { TimeSlice, Work } from "./time-slice.js";

/** Compiled scoring of data of one form: the loss and metrics over any number of rows. */
export class Evaluator {
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
  readonly form: string;
  readonly #session: Session;
  readonly #states: MetricStates;
  readonly #programs = new Map<number, Executable>();

  constructor(session: Session, loss: Loss, metrics: readonly Metric[], set: Prepared) {
    this.#session = session;
    this.loss = loss;
    this.metrics = metrics;
    this.form = formOf(set);
    const { outputShape } = session.network;
    this.#states = new MetricStates(metrics, [1, ...outputShape], [1, ...set.targetShape]);
  }

  /** Scores all rows; pauses between chunks when the time slice is over. */
  *score(set: Prepared, slice?: TimeSlice): Work<Scores> {
    const { device, network } = this.#session;
    const collecting = this.metrics.filter((metric) => metric.collect === true);
    const width = sizeOf(network.outputShape);
    const probabilities = new Float32Array(collecting.length > 0 ? set.count * width : 0);
    const rows = rowsPerRun(set.count);
    const program = this.#program(rows, set, collecting.length > 0);
    this.#states.reset(device);
    let loss = 0;
    for (let start = 0; start < set.count; start += rows) {
      const valid = Math.min(rows, set.count - start);
      program.write("inputs", chunk(set.inputs, sizeOf(network.inputShape), start, rows));
      program.write("targets", chunk(set.targets, sizeOf(set.targetShape), start, rows));
      program.write(
        "weights",
        Float32Array.from({ length: rows }, (_, row) => (row < valid ? 1 : 0)),
      );
      program.run();
      loss += program.read("loss")[0] as number;
      if (collecting.length > 0)
        probabilities.set(program.read("probabilities").subarray(0, valid * width), start * width);
      if (slice?.isOver) yield* slice.rest();
    }
    const collected = collecting.map((metric): [string, MetricValue] => [
      metric.name,
      metric.compute({ probabilities, targets: set.targets, rows: set.count }),
    ]);
    return { loss: loss / set.count, ...this.#states.results(device), ...Object.fromEntries(collected) };
  }

  release(): void {
    this.#states.release(this.#session.device);
  }

  #program(rows: number, set: Prepared, collects: boolean): Executable {
    const known = this.#programs.get(rows);
    if (known !== undefined) return known;
    const session = this.#session;
    const inputs = input("inputs", [rows, ...session.network.inputShape], dtypeOf(set.inputs));
    const targets = targetsAsRead(
      input("targets", [rows, ...set.targetShape], dtypeOf(set.targets)),
      set.indices,
    );
    const weights = input("weights", [rows]);
    const predictions = session.infer(cast(inputs, "f32"));
    const probabilities = this.loss.link(predictions);
    // Not only times 0: what fills up the last chunk must not matter even where it is not finite.
    const perRow = multiply(select(weights.greater(0), this.loss.perRow(predictions, targets), 0), weights);
    const program = session.compile({
      name: `evaluation, ${rows} rows`,
      outputs: { loss: sum(perRow), ...(collects ? { probabilities } : {}) },
      assignments: this.#states.update({ predictions, probabilities, targets, weights }),
    });
    this.#programs.set(rows, program);
    return program;
  }
}

/** Scores rows with the evaluator of before, if it fits. */
export function evaluateRows(
  session: Session,
  set: Prepared,
  loss: Loss,
  metrics: readonly Metric[],
  slice?: TimeSlice,
): Work<Scores> {
  const last = session.evaluator;
  const fits = last?.loss === loss && sameMembers(last.metrics, metrics) && last.form === formOf(set);
  if (!fits) {
    last?.release();
    session.evaluator = new Evaluator(session, loss, metrics, set);
  }
  return (session.evaluator as Evaluator).score(set, slice);
}

export function sameMembers(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((member, i) => member === b[i]);
}

function formOf(set: Prepared): string {
  return [dtypeOf(set.inputs), dtypeOf(set.targets), set.indices, set.targetShape].join();
}
