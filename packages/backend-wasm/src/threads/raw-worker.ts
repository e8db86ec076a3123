interface NodeWorkers {
  readonly Worker: new (code: string, options: object) => NodeWorker;
}

interface NodeWorker {
  postMessage(message: unknown): void;
  terminate(): unknown;
  unref(): void;
  on(event: "error" | "exit", listener: () => void): void;
}

/** A worker of either kind. */
export interface RawWorker {
  postMessage(message: unknown): void;
  terminate(): unknown;
}

/** Whether this thread may sleep; the main thread of a page may not. */
export function maySleep(): boolean {
  try {
    // Returns at once where it is allowed, because the cell holds something else.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}

/**
 * A worker that runs this code and does not keep the process alive. Throws where workers do not exist; `onEnd` is called
 * when it ended or could not start.
 */
export function startWorker(code: string, onEnd: () => void): RawWorker {
  // As in platform.ts, of which this code imports nothing: see toolbox.ts.
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  const node = process?.getBuiltinModule?.("node:worker_threads") as NodeWorkers | undefined;
  if (node !== undefined) {
    // Without the arguments of the process: loaders of the program are of no use to this code, and slow to start.
    const worker = new node.Worker(code, { eval: true, execArgv: [], name: "myelin" });
    worker.on("error", onEnd);
    worker.on("exit", onEnd);
    worker.unref();
    return worker;
  }
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(url, { name: "myelin" });
  worker.onerror = onEnd;
  return worker;
}
