import { want } from "@myelin/tensor";
import type { DataSet } from "./data-forms.js";
import type { BatchStream } from "./fit-options.js";
import type { Work } from "./work.js";

/** An epoch over batches as they come. `ready` is false when the run has to end. */
export function* takeBatches(
  batches: BatchStream,
  epoch: number,
  ready: () => boolean,
  take: (batch: DataSet) => Work<void>,
): Work<void> {
  const iterator = batches[Symbol.asyncIterator]();
  let taken = 0;
  try {
    while (ready()) {
      const next = (yield iterator.next()) as IteratorResult<DataSet> | undefined;
      if (next === undefined) {
        // The source still works at a batch that nobody waits for; it may never end.
        close(iterator);
        return;
      }
      const { done, value } = next;
      if (done) {
        const received = `no batch in epoch ${epoch}`;
        want(taken, "fit", "batches that can be iterated in every epoch", received);
        return;
      }
      yield* take(value);
      taken++;
    }
  } catch (error) {
    // The error of the step matters more than one of closing the source.
    close(iterator);
    throw error;
  }
  yield iterator.return?.();
}

function close(iterator: AsyncIterator<DataSet>): void {
  Promise.resolve(iterator.return?.()).catch(() => {});
}
