import { ArgumentError, permutation, streamOf, want, withDefaults } from "@myelin/tensor";
import { countSamples, type Samples, takeSamples } from "./samples.js";

export interface BatchesOptions {
  /** Rows per batch. Default 32. */
  readonly size?: number | undefined;
  /** A new order in every pass. Default true. */
  readonly shuffle?: boolean | undefined;
  /** Of the shuffle. Default 0. */
  readonly seed?: number | undefined;
  /** Leaves out the last batch when it is not full. Default false. */
  readonly dropLast?: boolean | undefined;
}

/** A pass per iteration, in `for` and in `for await` alike. */
export interface Batches<Some extends Samples> extends Iterable<Some>, AsyncIterable<Some> {
  /** Batches in a pass. */
  readonly length: number;
}

/**
 * Cuts samples into batches. The value may be iterated again and again: the k-th pass over it has the k-th order of the
 * seed, whatever happened before. `fit` cuts batches by itself; this is for loops of one's own.
 */
export function batches<Some extends Samples>(samples: Some, options: BatchesOptions = {}): Batches<Some> {
  const { size, shuffle, seed, dropLast } = withDefaults("batches", options, {
    size: 32,
    shuffle: true,
    seed: 0,
    dropLast: false,
  });
  if (!(Number.isInteger(size) && size > 0))
    throw new ArgumentError("batches", "a whole `size` of at least 1", size);
  want(Number.isSafeInteger(seed), "batches", "a whole number as seed", seed);
  const rows = countSamples("batches", samples);
  const length = dropLast ? Math.floor(rows / size) : Math.ceil(rows / size);
  let passes = 0;

  function* pass(): Generator<Some, void, void> {
    const round = passes++;
    const order = shuffle
      ? permutation(rows, seed, streamOf("batches"), round)
      : Int32Array.from({ length: rows }, (_, i) => i);
    for (let batch = 0; batch < length; batch++) {
      yield takeSamples(samples, order.subarray(batch * size, (batch + 1) * size));
    }
  }
  return {
    length,
    [Symbol.iterator]: pass,
    async *[Symbol.asyncIterator]() {
      yield* pass();
    },
  };
}
