/**
 * A thread stopped in the middle of a step, so what the step updates (parameters, optimizer state) may be half old and half
 * new. Write them again, from a snapshot or a file; everything runs on one thread from then on.
 */
export class ThreadError extends Error {
  override readonly name = "ThreadError";
}
