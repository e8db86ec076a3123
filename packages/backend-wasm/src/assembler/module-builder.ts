import { CodeWriter, sized } from "./code-writer.js";
import { FunctionBuilder, type Local, local } from "./function-builder.js";
import { unsigned } from "./leb128.js";
import { type Body, type Code, type Expr, expr, type Type, typeCode, type ValueType } from "./types.js";

/** A function of the module. Parameters `P`, result `R`. */
export interface Func<P extends readonly ValueType[], R extends Type> {
  readonly kind: "function";
  readonly index: number;
  call(...operands: { [K in keyof P]: Expr<P[K]> }): Expr<R>;
}

/** A mutable global of the module or of its host. */
export interface Global<T extends ValueType> {
  readonly kind: "global";
  readonly index: number;
  get(): Expr<T>;
  set(value: Expr<T>): Expr<"void">;
}

/** Sizes in pages of 64 KiB. A shared memory needs a maximum. */
export interface MemoryLimits {
  readonly initial: number;
  readonly maximum?: number;
  readonly shared?: boolean;
}

const kindCode = { function: 0, memory: 2, global: 3 } as const;

/**
 * Builds a WebAssembly module: declare imports first (their indices come first in the format), then globals and
 * functions in any order such that a function exists before it is called, then `toBytes()`.
 */
export class ModuleBuilder {
  private readonly types = new Map<string, { index: number; code: Code }>();
  private readonly imports: Code[] = [];
  private readonly functionTypes: Code[] = [];
  private readonly globals: Code[] = [];
  private readonly exports = new Map<string, Code>();
  private readonly bodies: Code[] = [];
  private readonly names: Code[] = [];
  private functionCount = 0;
  private globalCount = 0;

  importMemory(module: string, name: string, { initial, maximum, shared = false }: MemoryLimits): void {
    if (shared && maximum === undefined) {
      throw new Error(`assembler: shared memory "${module}.${name}" needs a maximum`);
    }
    const flags = (shared ? 2 : 0) | (maximum === undefined ? 0 : 1);
    const limits = [flags, unsigned(initial), maximum === undefined ? [] : unsigned(maximum)];
    this.imports.push([text(module), text(name), kindCode.memory, limits]);
  }

  importFunction<const P extends readonly ValueType[], R extends Type>(
    module: string,
    name: string,
    parameters: P,
    result: R,
  ): Func<P, R> {
    if (this.bodies.length > 0)
      throw new Error(`assembler: import "${module}.${name}" before the first function`);
    this.imports.push([text(module), text(name), kindCode.function, this.typeIndex(parameters, result)]);
    return this.nextFunction(name);
  }

  importGlobal<T extends ValueType>(module: string, name: string, type: T): Global<T> {
    if (this.globals.length > 0)
      throw new Error(`assembler: import "${module}.${name}" before the first own global`);
    this.imports.push([text(module), text(name), kindCode.global, typeCode[type], 1]);
    return this.nextGlobal();
  }

  /** Adds a global; its first value has to be a constant expression. */
  global<T extends ValueType>(type: T, value: Expr<T>): Global<T> {
    this.globals.push([typeCode[type], 1, value, 0x0b]);
    return this.nextGlobal();
  }

  /** Adds a function. `build` receives the builder and one local for each parameter. */
  function<const P extends readonly ValueType[], R extends Type>(
    name: string,
    parameters: P,
    result: R,
    build: (builder: FunctionBuilder, ...parameters: { [K in keyof P]: Local<P[K]> }) => NoInfer<Body<R>>,
  ): Func<P, R> {
    const builder = new FunctionBuilder(parameters.length);
    const locals = parameters.map((type, index) => local(type, index)) as { [K in keyof P]: Local<P[K]> };
    // Built before it is numbered: building a kernel may add functions that it calls.
    const body = build(builder, ...locals) as Code;
    this.functionTypes.push(this.typeIndex(parameters, result));
    this.bodies.push(sized(builder.encode(body)));
    return this.nextFunction(name);
  }

  export(name: string, item: { readonly kind: "function" | "global"; readonly index: number }): void {
    if (this.exports.has(name)) throw new Error(`assembler: "${name}" is exported twice`);
    this.exports.set(name, [text(name), kindCode[item.kind], unsigned(item.index)]);
  }

  /** The module; `names` adds function names, for profilers, stack traces and disassembly. */
  toBytes({ names = false }: { names?: boolean } = {}): Uint8Array<ArrayBuffer> {
    const writer = new CodeWriter();
    writer.write([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(
        1,
        [...this.types.values()].map(({ code }) => code),
      ),
      section(2, this.imports),
      section(3, this.functionTypes),
      section(6, this.globals),
      section(7, [...this.exports.values()]),
      section(10, this.bodies),
      names ? [0, sized([text("name"), 1, sized(list(this.names))])] : [],
    ]);
    return writer.toBytes();
  }

  private typeIndex(parameters: readonly ValueType[], result: Type): Code {
    const key = `${parameters}:${result}`;
    let entry = this.types.get(key);
    if (!entry) {
      const results = result === "void" ? [] : [typeCode[result]];
      entry = {
        index: this.types.size,
        code: [0x60, list(parameters.map((type) => typeCode[type])), list(results)],
      };
      this.types.set(key, entry);
    }
    return unsigned(entry.index);
  }

  private nextFunction<P extends readonly ValueType[], R extends Type>(name: string): Func<P, R> {
    const index = this.functionCount++;
    const place = unsigned(index);
    this.names.push([place, text(name)]);
    return { kind: "function", index, call: (...operands) => expr(operands as unknown as Code, 0x10, place) };
  }

  private nextGlobal<T extends ValueType>(): Global<T> {
    const index = this.globalCount++;
    const place = unsigned(index);
    return {
      kind: "global",
      index,
      get: () => expr(0x23, place),
      set: (value) => expr(value, 0x24, place),
    };
  }
}

function section(id: number, items: readonly Code[]): Code {
  return items.length > 0 ? [id, sized(list(items))] : [];
}

function list(items: readonly Code[]): Code {
  return [unsigned(items.length), items];
}

function text(value: string): Code {
  return list([...new TextEncoder().encode(value)]);
}
