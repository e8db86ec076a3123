import {
  type CollectingMetric,
  cast,
  input,
  type Loss,
  type Metric,
  multiply,
  select,
  sizeOf,
  sum,
} from "@myelin/tensor";
import { chunk, rowsPerRun } from "./chunks.js";
import type { Scores } from "./data-forms.js";
import { kept } from "./kept.js";
import { metricStates, resetStates, scoreOf, scoresOf, updateStates } from "./metric-states.js";
import { dtypeOf, type Prepared } from "./prepare.js";
import { rowLosses } from "./row-losses.js";
import { compileStep, infer, type Session } from "./session.js";
import { targetsAsRead } from "./targets.js";
import type { TimeSlice } from "./time-slice.js";
import type { Work } from "./work.js";

/**
 * The loss and metrics over all rows, without dropout and penalties. With a slice it lets the event loop turn, when others
 * may evaluate the model, too: they have programs and states of their own.
 */
export function* evaluateRows(
  session: Session,
  set: Prepared,
  loss: Loss,
  metrics: readonly Metric[],
  slice?: TimeSlice,
): Work<Scores> {
  const { count, inputs, targets, targetShape, indices } = set;
  const { device, network } = session;
  const { inputShape, outputShape } = network;
  const width = sizeOf(outputShape);
  const rows = rowsPerRun(session, count);
  const collecting = metrics.filter((metric): metric is CollectingMetric => !!metric.collect);
  const form = [dtypeOf(inputs), dtypeOf(targets), indices, targetShape.join()];
  const purpose = slice ? "validation" : "evaluate";
  const states = kept(session, purpose, [...form, ...metrics], () =>
    metricStates(metrics, outputShape, targetShape),
  );
  const name = `${purpose}, ${rows} rows`;
  const program = kept(session, name, [loss, states], () => {
    const predictions = infer(session, cast(input("inputs", [rows, ...inputShape], dtypeOf(inputs)), "f32"));
    const read = targetsAsRead(input("targets", [rows, ...targetShape], dtypeOf(targets)), indices);
    const weights = input("weights", [rows]);
    const probabilities = loss.link(predictions);
    // Not only times 0: what fills up the last chunk must not matter even where it is not finite.
    const perRow = multiply(select(weights.greater(0), rowLosses(loss, predictions, read), 0), weights);
    return compileStep(session, {
      name,
      outputs: { loss: sum(perRow), ...(collecting[0] && { probabilities }) },
      assignments: updateStates(states, { predictions, probabilities, targets: read, weights }),
    });
  });

  const probabilities = new Float32Array(collecting.length && count * width);
  resetStates(states, device);
  let total = 0;
  for (let start = 0; start < count; start += rows) {
    // More than a batch, except for the last: arrays end before.
    const valid = count - start;
    program.write("inputs", chunk(inputs, sizeOf(inputShape), start, rows));
    program.write("targets", chunk(targets, sizeOf(targetShape), start, rows));
    program.write("weights", new Float32Array(rows).fill(1, 0, valid));
    program.run();
    total += program.read("loss")[0] as number;
    if (collecting[0])
      probabilities.set(program.read("probabilities").subarray(0, valid * width), start * width);
    if (slice?.isOver()) yield;
  }
  const collected = collecting.map((metric) => [
    metric.name,
    scoreOf(metric, metric.compute({ probabilities, targets, rows: count })),
  ]);
  return { loss: total / count, ...scoresOf(states, device), ...Object.fromEntries(collected) };
}
