/** Milliseconds of work that make a sample. */
const SAMPLE = 3;
/** Samples of every candidate; the first one warms up and does not count. */
const ROUNDS = 4;
/** A candidate has to be so much faster than one thread. */
const GAIN = 0.95;
/** So many samples in a row that are slower than one thread was: somebody else needs the cores. */
const PATIENCE = 3;
/** Milliseconds of work after which threads that did not pay are tried again; doubles every time. */
const FIRST_REST = 1000;
const LONGEST_REST = 60_000;

/** Says how many threads the next steps get. */
export interface Pace {
  readonly threads: number;
  /** How many steps at most, before asking again. */
  readonly steps: number;
  took(steps: number, milliseconds: number): void;
}

/** Always the same number. */
export function steadyPace(threads: number): Pace {
  return { threads, steps: Infinity, took: () => {} };
}

/**
 * Tries 1, 2, 4, ... threads on real steps, by turns, and takes the one with the lowest median. While threads are used, it
 * watches whether they still pay, because other processes may come and want the cores.
 */
export class MeasuredPace implements Pace {
  readonly #candidates: readonly number[];
  /** Milliseconds per step, of every candidate; empty unless a trial goes on. */
  #samples: number[][];
  #chosen = 1;
  /** What a step took with one thread. */
  #alone = 0;
  #slow = 0;
  #rest = FIRST_REST;
  #rested = 0;
  /** The sample that is being taken. */
  #steps = 0;
  #time = 0;
  #next = 1;

  constructor(threads: number) {
    this.#candidates = [...[1, 2, 4].filter((fewer) => fewer < threads), threads];
    this.#samples = this.#candidates.map(() => []);
  }

  get threads(): number {
    return this.#trying?.candidate ?? this.#chosen;
  }

  get steps(): number {
    return this.#trying === undefined ? Infinity : this.#next;
  }

  took(steps: number, milliseconds: number): void {
    this.#steps += steps;
    this.#time += milliseconds;
    this.#next = Math.max(1, Math.min(2 * this.#steps, Math.floor((SAMPLE * this.#steps) / this.#time)));
    if (this.#time < SAMPLE) return;
    const sample = this.#time / this.#steps;
    const trying = this.#trying;
    if (trying === undefined) this.#watch(sample);
    else {
      trying.samples.push(sample);
      if (this.#trying === undefined) this.#decide();
    }
    this.#steps = 0;
    this.#time = 0;
  }

  /** The candidate with the fewest samples, or undefined when there are enough of all. */
  get #trying(): { candidate: number; samples: number[] } | undefined {
    const fewest = Math.min(...this.#samples.map(({ length }) => length));
    if (fewest >= ROUNDS) return undefined;
    const index = this.#samples.findIndex(({ length }) => length === fewest);
    return { candidate: this.#candidates[index] as number, samples: this.#samples[index] as number[] };
  }

  #decide(): void {
    const medians = this.#samples.map((samples) => median(samples.slice(1)));
    this.#alone = medians[0] as number;
    const best = Math.min(...medians);
    this.#chosen = best < GAIN * this.#alone ? (this.#candidates[medians.indexOf(best)] as number) : 1;
    this.#slow = 0;
    this.#rested = 0;
    if (this.#chosen > 1) this.#rest = FIRST_REST;
  }

  #watch(sample: number): void {
    if (this.#chosen > 1) {
      this.#slow = sample > this.#alone ? this.#slow + 1 : 0;
      if (this.#slow < PATIENCE) return;
      this.#chosen = 1;
      this.#rested = 0;
      return;
    }
    this.#rested += this.#time;
    if (this.#rested < this.#rest) return;
    this.#rest = Math.min(2 * this.#rest, LONGEST_REST);
    this.#samples = this.#candidates.map(() => []);
  }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}
