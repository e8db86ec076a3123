import { want } from "./arguments.js";
import type { DataSet } from "./data-forms.js";
import type { BatchStream } from "./fit-options.js";
import type { Work } from "./work.js";

/** What a batch has to go through, and whether the run goes on after it. */
export interface BatchRun {
  /** False when the run has to end. */
  ready(): boolean;
  takeBatch(batch: DataSet): Work<void>;
}

/** An epoch of batches as they come, one step each. */
export function* streamedEpoch(
  batches: BatchStream,
  epoch: number,
  { ready, takeBatch }: BatchRun,
): Work<void> {
  const iterator = batches[Symbol.asyncIterator]();
  let steps = 0;
  try {
    for (; ready(); steps++) {
      const { done, value } = (yield iterator.next()) as IteratorResult<DataSet>;
      if (done) break;
      yield* takeBatch(value);
    }
  } catch (error) {
    // The error of the step matters more than one of closing the source.
    Promise.resolve(iterator.return?.()).catch(() => {});
    throw error;
  }
  if (!ready()) yield iterator.return?.();
  else want(steps > 0, "fit", "batches that can be iterated in every epoch", `no batch in epoch ${epoch}`);
}
