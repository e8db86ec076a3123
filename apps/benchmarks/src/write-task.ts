import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstBatches, scaledRows } from "./batches.js";
import type { Task } from "./task.js";

type Numbers = Float32Array | Int32Array;

/** Writes a task as files that Python reads (task.json and raw arrays); returns the folder, a new one. */
export function writeTask(task: Task): string {
  const folder = mkdtempSync(join(tmpdir(), "myelin-benchmark-"));
  const arrays: Record<string, { dtype: string; shape: readonly number[] }> = {};
  const write = (name: string, data: Numbers, shape: readonly number[]) => {
    arrays[name] = { dtype: data instanceof Int32Array ? "int32" : "float32", shape };
    writeFileSync(join(folder, name), data);
  };
  if (task.kind === "matmul") {
    const { size } = task.workload;
    write("a", task.a, [size, size]);
    write("b", task.b, [size, size]);
  } else {
    const { batchSize } = task.workload;
    const { inputShape, targets } = task.data;
    for (const [i, { kernel, shape, bias }] of task.weights.entries()) {
      write(`kernel${i}`, kernel, shape);
      write(`bias${i}`, bias, [bias.length]);
    }
    if (task.kind === "inference") {
      write("inputs", scaledRows(task.data, 0, batchSize), [batchSize, ...inputShape]);
      write("targets", targets.slice(0, batchSize), [batchSize]);
    } else {
      const batches = firstBatches(task);
      write("inputs", joined(batches.map((batch) => batch.inputs)), [
        batches.length,
        batchSize,
        ...inputShape,
      ]);
      write("targets", joined(batches.map((batch) => Float32Array.from(batch.targets))), [
        batches.length,
        batchSize,
      ]);
    }
  }
  writeFileSync(join(folder, "task.json"), JSON.stringify({ workload: task.workload, arrays }));
  return folder;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let used = 0;
  for (const part of parts) {
    whole.set(part, used);
    used += part.length;
  }
  return whole;
}
