import type { Kernel, StorageType, Store, Value } from "@myelin/compiler";
import type {
  Expr,
  Func,
  FunctionBuilder,
  Global,
  Local,
  ModuleBuilder,
  Statements,
} from "../assembler/index.js";

/** Where the buffers of a program lie. */
export interface Layout {
  /** First byte of every buffer, by buffer number; a multiple of 64, with 64 spare bytes behind the buffer. */
  readonly addresses: readonly number[];
  readonly types: readonly StorageType[];
}

/** What an emitter gets besides the kernel. */
export interface KernelContext {
  readonly module: ModuleBuilder;
  readonly layout: Layout;
  /** Whether `a * b + c` may be rounded once (relaxed SIMD). */
  readonly fused: boolean;
  /** Address of memory that belongs to the thread that runs: panels, spilled rows. Contents do not outlive a call. */
  readonly workspace: Global<"i32">;
  /** Address of memory that all threads share: what one function of a kernel prepares for its next one. */
  readonly shared: Global<"i32">;
}

/**
 * One function of a kernel: does the units [begin, end) of its independent pieces of work (rows, column blocks, chunks).
 * The result does not depend on how [0, units) is cut. Two calls of one function never write the same bytes.
 */
export interface EmittedFunction {
  readonly run: Func<["i32", "i32"], "void">;
  readonly units: number;
  /** Bytes that `run` uses from `workspace` on, and from `shared` on. Default 0. */
  readonly workspaceBytes?: number;
  readonly sharedBytes?: number;
}

/** Functions that run one after the other: the second starts when all units of the first are done. Mostly one. */
export type KernelEmitter = (kernel: Kernel, context: KernelContext) => readonly EmittedFunction[];

/**
 * Positions of a kernel's iteration space that one vector computes: per lane, an index per extent, relative to the indices
 * of the loops around. One to four lanes; fewer than four are a tail, whose further lanes hold anything and are not stored.
 */
export type Position = readonly (readonly number[])[];

/**
 * Writes loops over extents of a kernel and the kernel's values inside them. What exists already is reused: a value asked
 * for at two positions that differ only in extents it does not depend on is computed once.
 */
export interface BodyEmitter {
  readonly builder: FunctionBuilder;

  /** Computes a value now, into a local that is used again when the loop or scope around ends. */
  keep(value: Expr<"v128">): Local<"v128">;

  /** Appends statements to what is being written. */
  emit(...statements: Statements[]): void;

  /** Everything written so far: the body of the function. */
  finish(): Statements;

  /**
   * A loop over an extent: index from `from` (default 0) to below `to`, in steps (default 1). Inside, positions, addresses
   * and pointers are relative to the index.
   */
  loop(axis: number, range: LoopRange, inside: () => void): void;

  /** Computes what is needed later and does not depend on these extents, at a position, and keeps it in locals. */
  hoist(axes: readonly number[], position: Position): void;

  /** Forgets at its end what was computed inside, so that locals are used again. */
  scope(inside: () => void): void;

  /** Like `scope`, but returns the statements instead of appending them: for a branch. */
  nested(inside: () => void): Statements;

  /** Sum of index x bytes over the loops around, for an operand that is walked without a load instruction. */
  pointer(bytesPerIndex: readonly number[]): Pointer;

  /** A value at a position: four f32, four i32, or lane masks. */
  value(value: Value, position: Position): Expr<"v128">;

  /** States what a value is at a position: the sum of a contraction, the result of a reduction. */
  define(value: Value, position: Position, known: Local<"v128">): void;

  /** Writes the valid lanes of these stores at a position. All values are computed before the first is written. */
  store(stores: readonly Store[], position: Position): void;
}

export interface LoopRange {
  readonly from?: number | Local<"i32">;
  readonly to: number | Local<"i32">;
  readonly step?: number;
}

/** An address in parts: `base` plus a constant. The constant may be negative; `base` alone is no address then. */
export interface Pointer {
  readonly base: Expr<"i32">;
  readonly offset: number;
}
