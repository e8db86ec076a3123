import type {
  Address,
  BinaryOperation,
  Comparison,
  Instruction,
  UnaryOperation,
  Value,
  ValueType,
} from "./program.js";
import type { View } from "./view.js";

/** Something that lives in memory; it gets a buffer number when the program is put together. */
export interface Storage {
  readonly id: number;
}

/** An address before buffers are numbered. The view's shape is the kernel's iteration space. */
export interface SymbolicAddress {
  readonly storage: Storage;
  readonly view: View;
  readonly indirect?: { readonly value: Value; readonly stride: number } | undefined;
}

/** Instructions whose loads and indices still carry views. */
export type SymbolicInstruction =
  | Exclude<Instruction, { readonly op: "load" } | { readonly op: "index" }>
  | { readonly op: "load"; readonly type: "f32" | "i32"; readonly address: SymbolicAddress }
  | { readonly op: "index"; readonly type: "i32"; readonly view: View };

/** Collects the instructions of one kernel; the same instruction is never written twice. */
export class Body {
  readonly instructions: SymbolicInstruction[] = [];
  private readonly known = new Map<string, Value>();

  typeOf(value: Value): ValueType {
    return (this.instructions[value] as SymbolicInstruction).type;
  }

  constant(value: number, type: ValueType): Value {
    return this.add({ op: "constant", type, value }, Object.is(value, -0) ? "-0" : String(value));
  }

  index(view: View): Value {
    if (view.strides.every((stride) => stride === 0)) return this.constant(view.offset, "i32");
    return this.add({ op: "index", type: "i32", view }, `${view.offset}:${view.strides}`);
  }

  load(address: SymbolicAddress, type: "f32" | "i32"): Value {
    const { storage, view, indirect } = address;
    const key = `${storage.id}@${view.offset}:${view.strides}:${indirect?.value},${indirect?.stride}`;
    return this.add({ op: "load", type, address }, key);
  }

  unary(op: UnaryOperation, input: Value): Value {
    return this.add({ op, type: this.typeOf(input) as "f32", input }, String(input));
  }

  binary(op: BinaryOperation, left: Value, right: Value): Value {
    const folded = this.foldPositions(op, left, right);
    if (folded !== undefined) return folded;
    return this.add({ op, type: this.typeOf(left) as "f32", left, right }, `${left},${right}`);
  }

  compare(comparison: Comparison, left: Value, right: Value): Value {
    return this.add(
      { op: "compare", type: "bool", comparison, left, right },
      `${comparison},${left},${right}`,
    );
  }

  select(condition: Value, then: Value, otherwise: Value): Value {
    if (then === otherwise) return then;
    const key = `${condition},${then},${otherwise}`;
    return this.add({ op: "select", type: this.typeOf(then), condition, then, otherwise }, key);
  }

  cast(input: Value, type: "f32" | "i32"): Value {
    return this.typeOf(input) === type ? input : this.add({ op: "cast", type, input }, String(input));
  }

  random(stream: number, seed: Value, stepLow: Value, stepHigh: Value, element: Value): Value {
    const key = `${stream},${seed},${stepLow},${stepHigh},${element}`;
    return this.add({ op: "random", type: "f32", stream, seed, stepLow, stepHigh, element }, key);
  }

  reduce(reduction: "sum" | "maximum", input: Value): Value {
    return this.add(
      { op: "reduce", type: this.typeOf(input) as "f32", reduction, input },
      `${reduction},${input}`,
    );
  }

  accumulator(): Value {
    return this.add({ op: "accumulator", type: "f32" }, "");
  }

  /** Sums and products of known positions are known (unrolled windows are full of them). */
  private foldPositions(op: BinaryOperation, left: Value, right: Value): Value | undefined {
    const [a, b] = [this.instructions[left], this.instructions[right]];
    if (a?.op !== "constant" || b?.op !== "constant" || a.type !== "i32") return undefined;
    if (op === "add") return this.constant((a.value + b.value) | 0, "i32");
    return op === "multiply" ? this.constant(Math.imul(a.value, b.value), "i32") : undefined;
  }

  private add(instruction: SymbolicInstruction, operands: string): Value {
    const key = `${instruction.op}/${instruction.type}/${operands}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.instructions.push(instruction);
    const value = this.instructions.length - 1;
    this.known.set(key, value);
    return value;
  }
}

/** Gives a symbolic address its buffer. The view's shape must be the kernel's extents by now. */
export function resolveAddress(
  { storage, view, indirect }: SymbolicAddress,
  bufferOf: (storage: Storage) => number,
): Address {
  const address = { buffer: bufferOf(storage), offset: view.offset, strides: view.strides };
  return indirect === undefined ? address : { ...address, indirect };
}
