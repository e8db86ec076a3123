import { firstNotFinite } from "@myelin/tensor";
import { settleDivergence } from "./divergence.js";
import type { Request } from "./run-control.js";
import type { Progress, Snapshot, Trainer } from "./trainer.js";

export interface Safeguard {
  /** Between two stretches of steps: takes a copy when one is due (or `now`). */
  check(now?: boolean): void;
  /** After a stretch of steps. */
  watch(progress: Progress): void;
}

/**
 * Keeps a copy of the last weights that were finite. Once a loss or a weight is not, it puts the trainer back to the last
 * step that was, and asks the run to end with a message that says what happened. `repeatable`: the data are still there, so
 * that steps can be made again.
 */
export function safeguard(trainer: Trainer, request: Request, repeatable: boolean): Safeguard {
  /** At least this many milliseconds lie between two copies of the weights, */
  const INTERVAL = 200;
  /** and this many times what a copy takes. What came after the last copy is repeated to find where a run diverged. */
  const RATIO = 100;
  const { session } = trainer;
  const firstEpoch = session.epochs;
  let last: Snapshot | undefined;
  /** The next `last`, once a step after it was good: what comes back is from before the step in front of the one that failed. */
  let newer: Snapshot | undefined;
  let writes = -1;
  let due = 0;
  const settle = (loss?: number) => {
    request.status = "diverged";
    request.message = settleDivergence(trainer, last as Snapshot, repeatable, firstEpoch, loss);
  };
  return {
    check(now = false) {
      const start = performance.now();
      if (!now && writes === session.writes && start < due) return;
      const next = trainer.save();
      const finite = session.variables.every(
        (variable) => firstNotFinite(next.values.get(variable) as Float32Array) < 0,
      );
      if (last && !finite) return settle();
      newer = next;
      // Steps from before a change cannot be repeated.
      if (writes !== session.writes) last = next;
      writes = session.writes;
      const end = performance.now();
      due = end + Math.max(INTERVAL, RATIO * (end - start));
    },
    watch({ loss }) {
      if (Number.isFinite(loss)) last = newer;
      else settle(loss);
    },
  };
}
