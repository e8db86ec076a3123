import type { FunctionBuilder, Local } from "../assembler/index.js";

type Pooled = "i32" | "v128";

/** Locals that are used again when what they held is forgotten: engines take longer for functions with many locals. */
export class LocalPool {
  private readonly builder: FunctionBuilder;
  private readonly free = { i32: [] as Local<"i32">[], v128: [] as Local<"v128">[] };
  private readonly taken: { readonly type: Pooled; readonly local: Local<Pooled> }[] = [];

  constructor(builder: FunctionBuilder) {
    this.builder = builder;
  }

  take<T extends Pooled>(type: T): Local<T> {
    const local = (this.free[type].pop() ?? this.builder.local(type)) as Local<T>;
    this.taken.push({ type, local });
    return local;
  }

  /** What is taken from here on is given back by `release`. */
  mark(): number {
    return this.taken.length;
  }

  release(mark: number): void {
    for (const { type, local } of this.taken.splice(mark)) (this.free[type] as Local<Pooled>[]).push(local);
  }
}
