/**
 * What the runtime offers. Node's modules come from `process.getBuiltinModule`: it is synchronous, and leaves no import
 * behind that a bundle for browsers would have to resolve.
 */
export function builtin<Module>(name: string): Module | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return process?.getBuiltinModule?.(`node:${name}`) as Module | undefined;
}

/** Threads that run at once. */
export function coreCount(): number {
  const os = builtin<{ availableParallelism?(): number }>("os");
  return os?.availableParallelism?.() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}

/** Whether memory may be given to workers: a page has to be isolated from others for that. */
export function mayShareMemory(): boolean {
  const { crossOriginIsolated = true } = globalThis as { crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer === "function" && crossOriginIsolated;
}
