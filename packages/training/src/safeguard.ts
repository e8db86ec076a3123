import { settleDivergence } from "./divergence.js";
import type { Progress, Snapshot, Trainer } from "./trainer.js";

/** At least this many milliseconds lie between two copies of the weights, */
const INTERVAL = 100;
/** and this many times what a copy takes. */
const RATIO = 20;

/**
 * Keeps a copy of the last weights that were finite. Once a loss or a weight is not, it puts the trainer back to the last
 * step that was and says what happened.
 */
export class Safeguard {
  readonly #trainer: Trainer;
  readonly #firstEpoch: number;
  readonly #repeatable: boolean;
  #last: Snapshot | undefined;
  #steps = 0;
  #due = 0;

  /** `repeatable`: the data are still there, so that steps can be made again. */
  constructor(trainer: Trainer, repeatable: boolean) {
    this.#trainer = trainer;
    this.#firstEpoch = trainer.session.epochs;
    this.#repeatable = repeatable;
  }

  /** Between two stretches of steps: takes a copy when one is due (or `now`). A message means divergence. */
  check(now = false): string | undefined {
    const start = performance.now();
    const stale = this.#last === undefined || this.#last.writes !== this.#trainer.session.writes;
    if (!now && !stale && start < this.#due) return undefined;
    const snapshot = this.#trainer.save();
    if (this.#last !== undefined && !this.#isFinite(snapshot)) return this.#settle(undefined);
    this.#last = snapshot;
    this.#steps = 0;
    const end = performance.now();
    this.#due = end + Math.max(INTERVAL, RATIO * (end - start));
    return undefined;
  }

  /** After a stretch of steps. A message means divergence. */
  watch(progress: Progress): string | undefined {
    this.#steps += progress.steps;
    return Number.isFinite(progress.loss) ? undefined : this.#settle(progress.loss);
  }

  #isFinite({ values }: Snapshot): boolean {
    return this.#trainer.session.variables.every((variable) => values.get(variable)?.every(Number.isFinite));
  }

  #settle(loss: number | undefined): string {
    return settleDivergence(this.#trainer, this.#last as Snapshot, {
      steps: this.#repeatable ? this.#steps : 0,
      firstEpoch: this.#firstEpoch,
      loss,
    });
  }
}
