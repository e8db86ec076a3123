import { type Access, precedence } from "./precedence.js";
import type { BufferId, Kernel } from "./program.js";

/** A kernel to be put in order. */
export interface Task extends Access {
  readonly kernel: Kernel;
  /** Tasks run in this order where nothing else decides. */
  readonly rank: number;
  /** Writes before the others that write the same buffers. */
  readonly fills: boolean;
}

/**
 * Readers after writers, fills before the stores that follow them, and every reader of a parameter's old value before the
 * kernel that updates it; of the tasks that are ready, the one of lowest rank (Kahn's algorithm). Returns undefined when
 * these wishes form a circle.
 */
export function schedule(
  tasks: readonly Task[],
  isLeaf: (buffer: BufferId) => boolean,
): Kernel[] | undefined {
  const { add, before } = precedence<Task>(isLeaf);
  for (const task of tasks) add(task);
  const filling = tasks.filter(({ fills }) => fills);
  const isReady = (task: Task) => {
    const fills = filling.filter(({ writes: [filled] }) => task.writes.includes(filled as BufferId));
    return ![...before(task), ...(task.fills ? [] : fills)].some(
      (other) => other !== task && waiting.has(other),
    );
  };
  const waiting = new Set([...tasks].sort((a, b) => a.rank - b.rank));
  const order: Kernel[] = [];
  for (;;) {
    const ready = [...waiting].find(isReady);
    if (!ready) return waiting.size === 0 ? order : undefined;
    waiting.delete(ready);
    order.push(ready.kernel);
  }
}
