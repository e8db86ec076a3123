/**
 * A thread stopped in the middle of a step, so what the step updates (parameters, optimizer state) may be half old and half
 * new. Write them again, from a snapshot or a file; everything runs on one thread from then on.
 */
export class ThreadError extends Error {
  override readonly name = "ThreadError";

  constructor(reason: string, options?: ErrorOptions) {
    super(
      `[wasm] ${reason} in the middle of a step; what the step updates may be half written. ` +
        "Load the parameters again; from now on this process computes on one thread.",
      options,
    );
  }
}
