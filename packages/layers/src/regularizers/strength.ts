import { ArgumentError } from "@myelin/tensor";

export function wantStrength(operation: string, strength: number): void {
  if (!(strength >= 0 && strength < Infinity)) {
    throw new ArgumentError(operation, "a finite strength of at least 0", strength);
  }
}
