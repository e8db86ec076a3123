interface NodeProcess {
  getBuiltinModule?(name: "node:os"): { availableParallelism?(): number };
}

/**
 * Threads that run at once. Node's modules come from `process.getBuiltinModule`: it is synchronous, and leaves no import
 * behind that a bundle for browsers would have to resolve.
 */
export function coreCount(): number {
  const { process } = globalThis as { process?: NodeProcess };
  const os = process?.getBuiltinModule?.("node:os");
  return os?.availableParallelism?.() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}

/** Whether memory may be given to workers: a page has to be isolated from others for that. */
export function mayShareMemory(): boolean {
  const { crossOriginIsolated = true } = globalThis as { crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer === "function" && crossOriginIsolated;
}
