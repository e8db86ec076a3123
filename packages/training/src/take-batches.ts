import type { DataSet } from "./data-forms.js";
import type { BatchStream } from "./fit-options.js";
import type { Work } from "./work.js";

/**
 * An epoch over batches as they come. `fit` loads this file when it is given such a source, so it imports nothing.
 * `ready` is false when the run has to end.
 */
export function* takeBatches(
  batches: BatchStream,
  ready: () => boolean,
  take: (batch: DataSet) => Work<void>,
): Work<void> {
  const iterator = batches[Symbol.asyncIterator]();
  try {
    while (ready()) {
      const { done, value } = (yield iterator.next()) as IteratorResult<DataSet>;
      if (done) return;
      yield* take(value);
    }
  } catch (error) {
    // The error of the step matters more than one of closing the source.
    Promise.resolve(iterator.return?.()).catch(() => {});
    throw error;
  }
  yield iterator.return?.();
}
