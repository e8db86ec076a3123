import type { Report } from "./program/main.ts";

export interface Outcome {
  readonly report?: Partial<Report>;
  readonly problem?: string;
}

export interface Result extends Outcome {
  readonly name: string;
  /** Why the runtime cannot be had. */
  readonly missing?: string;
  /** Whether threads must run; otherwise they must not. */
  readonly shares?: boolean;
  readonly deaths?: readonly Outcome[];
}

export declare function tableOf(results: readonly Result[]): string;
export declare function complaintsOf(results: readonly Result[]): string[];
