import { type Code, flatten, sized } from "./code.js";
import { unsigned } from "./leb128.js";
import { type Body, type Expr, expr, type Statements, type Type, typeCode, type ValueType } from "./types.js";
import { type Global, global, type Local, local } from "./variable.js";

/** A function of the module. Parameters `P`, result `R`. */
export interface Func<P extends readonly ValueType[], R extends Type> {
  readonly index: number;
  call(...operands: { [K in keyof P]: Expr<P[K]> }): Expr<R>;
}

/** Collects the locals of a function while its body is being built. */
export interface FunctionBuilder {
  /** A fresh local; WebAssembly sets it to zero when the function is entered. */
  local<T extends ValueType>(type: T): Local<T>;
  /** Statements that run once, before the body: constants that must not be rebuilt inside a loop. */
  atEntry(...statements: Statements[]): void;
}

/** Sizes in pages of 64 KiB. A memory with a maximum is a shared one. */
export interface MemoryLimits {
  readonly initial: number;
  readonly maximum?: number | undefined;
}

/**
 * Builds a WebAssembly module: declare imports first (their indices come first in the format), then globals and
 * functions in any order such that a function exists before it is called, then `toBytes()`.
 */
export interface ModuleBuilder {
  importMemory(module: string, name: string, limits: MemoryLimits): void;

  importFunction<const P extends readonly ValueType[], R extends Type>(
    module: string,
    name: string,
    parameters: P,
    result: R,
  ): Func<P, R>;

  importGlobal<T extends ValueType>(module: string, name: string, type: T): Global<T>;

  /** Adds a global; its first value has to be a constant expression. */
  global<T extends ValueType>(type: T, value: Expr<T>): Global<T>;

  /** Adds a function. `build` receives the builder and one local for each parameter. */
  function<const P extends readonly ValueType[], R extends Type>(
    name: string,
    parameters: P,
    result: R,
    build: (builder: FunctionBuilder, ...parameters: { [K in keyof P]: Local<P[K]> }) => NoInfer<Body<R>>,
  ): Func<P, R>;

  /** Makes a function visible to the host. */
  export(name: string, exported: { readonly index: number }): void;

  /** The module; `names` adds function names, for profilers, stack traces and disassembly. Default false. */
  toBytes(options?: { readonly names?: boolean }): Uint8Array<ArrayBuffer>;
}

/** An empty module. */
export function moduleBuilder(): ModuleBuilder {
  const types = new Map<string, Code>();
  const imports: Code[] = [];
  const functionTypes: Code[] = [];
  const globals: Code[] = [];
  const exports: Code[] = [];
  const bodies: Code[] = [];
  const functionNames: Code[] = [];
  let importedGlobals = 0;

  /** Indices of imports come before those of the module's own things of the kind. */
  const add = (module: string, name: string, description: Code, own: readonly Code[]): void => {
    if (own.length > 0)
      throw new Error(`assembler: import "${module}.${name}" before the first of the module's own`);
    imports.push([text(module), text(name), description]);
  };

  /** Equal types are stored once. */
  const typeIndex = (parameters: readonly ValueType[], result: Type): Code => {
    const codesOf = (types: readonly Type[]) => list(types.map((type) => typeCode[type]));
    const key = `${parameters}:${result}`;
    types.set(key, [0x60, codesOf(parameters), codesOf(result === "void" ? [] : [result])]);
    return unsigned([...types.keys()].indexOf(key));
  };

  const nextFunction = <P extends readonly ValueType[], R extends Type>(name: string): Func<P, R> => {
    const index = functionNames.length;
    const place = unsigned(index);
    functionNames.push([place, text(name)]);
    return { index, call: (...operands) => expr(operands as unknown as Code, 0x10, place) };
  };

  return {
    importMemory(module, name, { initial, maximum }) {
      const limits =
        maximum === undefined ? [0, unsigned(initial)] : [3, unsigned(initial), unsigned(maximum)];
      add(module, name, [2, limits], []);
    },
    importFunction(module, name, parameters, result) {
      add(module, name, [0, typeIndex(parameters, result)], bodies);
      return nextFunction(name);
    },
    importGlobal(module, name, type) {
      add(module, name, [3, typeCode[type], 1], globals);
      return global(importedGlobals++);
    },
    global: (type, value) => global(importedGlobals + globals.push([typeCode[type], 1, value, 0x0b]) - 1),
    function(name, parameters, result, build) {
      const variables: ValueType[] = [...parameters];
      const entry: Statements[] = [];
      const builder: FunctionBuilder = {
        local: (type) => local(variables.push(type) - 1),
        atEntry: (...statements) => entry.push(...statements),
      };
      const given = parameters.map((_, index) => local(index));
      // Built before it is numbered: building a kernel may add functions that it calls.
      const body = build(builder, ...(given as never)) as Code;
      functionTypes.push(typeIndex(parameters, result));
      bodies.push(sized([runsOf(variables.slice(parameters.length)), entry, body, 0x0b]));
      return nextFunction(name);
    },
    export(name, { index }) {
      exports.push([text(name), 0, unsigned(index)]);
    },
    toBytes: ({ names = false } = {}) =>
      flatten([
        [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
        section(1, [...types.values()]),
        section(2, imports),
        section(3, functionTypes),
        section(6, globals),
        section(7, exports),
        section(10, bodies),
        names ? [0, sized([text("name"), 1, sized(list(functionNames))])] : [],
      ]),
  };
}

/** Local variables as the code section wants them: runs of equal types. */
function runsOf(types: readonly ValueType[]): Code {
  const runs: Code[] = [];
  let start = 0;
  types.forEach((type, index) => {
    if (type === types[index + 1]) return;
    runs.push([unsigned(index + 1 - start), typeCode[type]]);
    start = index + 1;
  });
  return list(runs);
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
