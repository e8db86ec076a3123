import { want } from "@myelin/tensor";

export function wantStrength(operation: string, strength: number): void {
  want(Number.isFinite(strength) && strength >= 0, operation, "a finite strength of at least 0", strength);
}
