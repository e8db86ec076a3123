import { unsigned } from "./leb128.js";
import { type Code, type Expr, expr, type Statements, typeCode, type ValueType } from "./types.js";

/** A parameter or a local variable. */
export interface Local<T extends ValueType> {
  readonly type: T;
  get(): Expr<T>;
  set(value: Expr<T>): Expr<"void">;
  /** Sets the local and leaves the value. */
  tee(value: Expr<T>): Expr<T>;
}

/** Collects the locals of a function while its body is being built. */
export class FunctionBuilder {
  private readonly types: ValueType[] = [];
  private readonly entry: Statements[] = [];
  private readonly parameterCount: number;

  constructor(parameterCount: number) {
    this.parameterCount = parameterCount;
  }

  /** A fresh local; WebAssembly sets it to zero when the function is entered. */
  local<T extends ValueType>(type: T): Local<T> {
    this.types.push(type);
    return local(type, this.parameterCount + this.types.length - 1);
  }

  /** Statements that run once, before the body: constants that must not be rebuilt inside a loop. */
  atEntry(...statements: Statements[]): void {
    this.entry.push(...statements);
  }

  /** The function as the code section wants it: runs of equal local types, then the instructions. */
  encode(body: Code): Code {
    const runs: { type: ValueType; length: number }[] = [];
    for (const type of this.types) {
      const last = runs.at(-1);
      if (last?.type === type) last.length++;
      else runs.push({ type, length: 1 });
    }
    const locals = runs.map(({ type, length }) => [unsigned(length), typeCode[type]]);
    return [unsigned(runs.length), locals, this.entry, body, 0x0b];
  }
}

export function local<T extends ValueType>(type: T, index: number): Local<T> {
  const place = unsigned(index);
  return {
    type,
    get: () => expr(0x20, place),
    set: (value) => expr(value, 0x21, place),
    tee: (value) => expr(value, 0x22, place),
  };
}
