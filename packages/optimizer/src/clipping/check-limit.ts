import { ArgumentError } from "@myelin/tensor";

export function checkLimit(operation: string, limit: number): void {
  if (!(limit > 0 && Number.isFinite(limit)))
    throw new ArgumentError(operation, "a limit above 0", limit, "Try 1.");
}
