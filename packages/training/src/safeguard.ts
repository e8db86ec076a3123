import { settleDivergence } from "./divergence.js";
import type { Progress, Snapshot, Trainer } from "./trainer.js";

/** At least this many milliseconds lie between two copies of the weights, */
const INTERVAL = 100;
/** and this many times what a copy takes. */
const RATIO = 20;

export interface Safeguard {
  /** Between two stretches of steps: takes a copy when one is due (or `now`). A message means divergence. */
  check(now?: boolean): string | undefined;
  /** After a stretch of steps. A message means divergence. */
  watch(progress: Progress): string | undefined;
}

/**
 * Keeps a copy of the last weights that were finite. Once a loss or a weight is not, it puts the trainer back to the last
 * step that was and says what happened. `repeatable`: the data are still there, so that steps can be made again.
 */
export function safeguard(trainer: Trainer, repeatable: boolean): Safeguard {
  const { session } = trainer;
  const firstEpoch = session.epochs;
  let last: Snapshot | undefined;
  let steps = 0;
  let due = 0;
  const settle = (loss?: number) =>
    settleDivergence(trainer, last as Snapshot, repeatable ? steps : 0, firstEpoch, loss);
  return {
    check(now = false) {
      const start = performance.now();
      if (!now && last?.writes === session.writes && start < due) return undefined;
      const snapshot = trainer.save();
      const finite = session.variables.every((variable) =>
        snapshot.values.get(variable)?.every(Number.isFinite),
      );
      if (last !== undefined && !finite) return settle();
      last = snapshot;
      steps = 0;
      const end = performance.now();
      due = end + Math.max(INTERVAL, RATIO * (end - start));
      return undefined;
    },
    watch(progress) {
      steps += progress.steps;
      return Number.isFinite(progress.loss) ? undefined : settle(progress.loss);
    },
  };
}
