import type { Task } from "./task.js";
import type { Workload } from "./workloads.js";

/** A library, or one way of using it. */
export interface Contender {
  /** "jax-js"; a part after a colon tells variants apart, as in "tfjs:wasm". */
  readonly name: string;
  /** The npm package whose version is reported. */
  readonly package?: string;
  /** Takes part only when it is asked for by its whole name. */
  readonly optional?: true;
  /** False for what it cannot do, or not in minutes. */
  supports(workload: Workload): boolean;
  /** What it does differently in a workload, where its proof cannot equal that of others. Default: nothing. */
  differs?(workload: Workload): string | undefined;
  /** Loads the library, in the process that is its own. */
  readonly run: (() => Promise<Prepare>) | PythonRun;
}

/**
 * Puts data and weights into the library's own memory. Training starts from the task's weights and goes over the first
 * batches in order, so that after `workload.proofSteps` steps its proof equals that of others.
 */
export type Prepare = (task: Task) => Prepared | Promise<Prepared>;

/** How many threads two pools may have. */
export interface PythonRun {
  readonly torchThreads: number;
  readonly blasThreads: number;
}

export interface Prepared {
  /** Training, where the first steps need another way than `step`: makes `workload.proofSteps` of them. */
  prove?(): void | Promise<void>;
  /**
   * Does the task's work `count` times: a training step, a prediction, a product. The work is done when it returns (or its
   * promise is kept), not merely asked for. Returns how often it was done where that is not `count` (whole epochs).
   */
  step(count: number): number | void | Promise<void>;
  /**
   * A number that shows that the work was done. Training: the mean loss over the steps of the last call. Inference: the
   * mean cross entropy of the rows. Matmul: the sum of the product with alternating signs.
   */
  proof(): number;
}
