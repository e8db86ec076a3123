/**
 * Where in a model an expression is being written. Errors, profiles and `explain` show it; it is no part of a tensor's
 * identity. The path is a dynamic scope of the current call, never state that outlives it.
 */
let currentPath = "";

/** Runs `body` with `segment` appended to the path that new tensors and errors carry. */
export function withOrigin<Result>(segment: string, body: () => Result): Result {
  const outer = currentPath;
  currentPath = outer ? `${outer}/${segment}` : segment;
  try {
    return body();
  } finally {
    currentPath = outer;
  }
}

/** The path of the innermost `withOrigin`; empty outside of one. */
export function currentOrigin(): string {
  return currentPath;
}
