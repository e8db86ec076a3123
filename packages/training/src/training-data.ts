import { want } from "@myelin/tensor";
import type { DataSet } from "./data-forms.js";
import type { BatchStream, FitOptions } from "./fit-options.js";
import { type Prepared, prepare, split } from "./prepare.js";
import { rowWeights } from "./row-weights.js";
import type { Session } from "./session.js";

/** What is in memory from the start: rows to train on, unless they come in batches, and rows to validate with. */
export function readData(
  session: Session,
  data: DataSet | BatchStream,
  options: FitOptions,
): [training: Prepared | undefined, validation?: Prepared] {
  const { sampleWeights, validation } = options;
  const training = isStream(data) ? undefined : readWeighted(session, data, options);
  const isKnown = training ?? sampleWeights === undefined;
  want(isKnown, "fit", "data in memory beside sampleWeights", "batches as they come", "Use classWeights.");
  if (validation === undefined) return [training];
  const { inputs, split: share } = Object(validation);
  if (inputs && share === undefined) return [training, readNamed(session, validation as DataSet, options)];
  const members = Object.keys(Object(validation)).join(", ");
  want(members === "split", "fit", "validation data in memory or { split: 0.2 }", members || validation);
  want(training, "fit", "validation data beside batches", "a split");
  return split(training, session.network.inputShape, share);
}

/** Rows to train on, with what each counts. */
export function readWeighted(session: Session, data: DataSet, options: FitOptions): Prepared {
  const prepared = readNamed(session, data, options);
  const outputs = session.network.outputShape.at(-1) ?? 1;
  const classes = { values: undefined, binary: 2, classes: outputs }[options.loss.targets];
  return { ...prepared, weights: rowWeights(options, prepared, classes) };
}

/** Reads rows; the model learns the names of their classes and columns. */
function readNamed(session: Session, data: DataSet, { loss, labels }: FitOptions): Prepared {
  const prepared = prepare(session, data, loss, "fit", labels);
  // Not before: data that cannot be used name no classes.
  session.labels = prepared.labels;
  session.features = prepared.features;
  return prepared;
}

function isStream(data: DataSet | BatchStream): data is BatchStream {
  return Symbol.asyncIterator in Object(data);
}
