/**
 * The instructions of the opcode table as typed functions: `f32x4.add(a, b)`, `v128.load(address, 16)`.
 * Operands come first, immediates after them (`f32x4.replace_lane(vector, value, lane)`), a byte offset last.
 */
import { signed, signed64, unsigned } from "./leb128.js";
import { opcodeTable } from "./opcode-table.js";
import { type Code, type Expr, expr, type Type } from "./types.js";

type Table = typeof opcodeTable;

interface Letters {
  i: "i32";
  l: "i64";
  f: "f32";
  d: "f64";
  v: "v128";
}

interface Immediates {
  "#": [lane: number];
  "*": [lanes: readonly number[]];
  ".": [];
  I: [value: number];
  L: [value: bigint];
  F: [value: number];
  D: [value: number];
  J: [values: number | readonly number[]];
  G: [values: number | readonly number[]];
}

type NamesOf<R extends string> = R extends `${string} ${string} ${infer List}` ? Names<List> : never;

type InstructionOf<R extends string> = R extends `${infer S} ${string}` ? Instruction<S> : never;

type Names<S extends string> = S extends `${infer Name} ${infer Rest}` ? Name | Names<Rest> : S;

type Arguments<S extends string, Last extends unknown[] = []> = S extends `${infer Letter}${infer Rest}`
  ? Letter extends keyof Letters
    ? [operand: Expr<Letters[Letter]>, ...Arguments<Rest, Last>]
    : Letter extends keyof Immediates
      ? [...Immediates[Letter], ...Arguments<Rest, Last>]
      : [address: Expr<"i32">, ...Arguments<Rest, [offset?: number]>]
  : Last;

type Result<S extends string> = S extends keyof Letters ? Letters[S] : "void";

type Instruction<S extends string> = S extends `${infer Inputs}:${infer Output}`
  ? (...operands: Arguments<Inputs>) => Expr<Result<Output>>
  : never;

/** The instructions of one section of the table. */
export type Instructions<Rows extends readonly string[]> = {
  readonly [R in Rows[number] as NamesOf<R>]: InstructionOf<R>;
};

export const i32: Instructions<Table["i32"]> = instructions(opcodeTable.i32);
export const i64: Instructions<Table["i64"]> = instructions(opcodeTable.i64);
export const f32: Instructions<Table["f32"]> = instructions(opcodeTable.f32);
export const f64: Instructions<Table["f64"]> = instructions(opcodeTable.f64);
export const v128: Instructions<Table["v128"]> = instructions(opcodeTable.v128);
export const i8x16: Instructions<Table["i8x16"]> = instructions(opcodeTable.i8x16);
export const i16x8: Instructions<Table["i16x8"]> = instructions(opcodeTable.i16x8);
export const i32x4: Instructions<Table["i32x4"]> = instructions(opcodeTable.i32x4);
export const i64x2: Instructions<Table["i64x2"]> = instructions(opcodeTable.i64x2);
export const f32x4: Instructions<Table["f32x4"]> = instructions(opcodeTable.f32x4);
export const f64x2: Instructions<Table["f64x2"]> = instructions(opcodeTable.f64x2);
export const memory: Instructions<Table["memory"]> = instructions(opcodeTable.memory);

/** Atomic access to 32-bit cells, waiting and waking; all need a shared memory to be useful. */
export const atomic: Instructions<
  Table["i32.atomic"] | Table["i32.atomic.rmw"] | Table["memory.atomic"] | Table["atomic"]
> = instructions([
  ...opcodeTable["i32.atomic"],
  ...opcodeTable["i32.atomic.rmw"],
  ...opcodeTable["memory.atomic"],
  ...opcodeTable.atomic,
]);

function instructions<Rows extends readonly string[]>(rows: Rows): Instructions<Rows> {
  const members: Record<string, unknown> = {};
  for (const row of rows) {
    const [signature = "", opcode = "", ...names] = row.split(" ");
    names.forEach((name, index) => {
      members[name] = instruction(signature.slice(0, signature.indexOf(":")), opcodeBytes(opcode, index));
    });
  }
  return members as Instructions<Rows>;
}

function opcodeBytes(first: string, index: number): readonly number[] {
  const byte = Number.parseInt(first.slice(0, 2), 16);
  return first.length === 2
    ? [byte + index]
    : [byte, ...unsigned(Number.parseInt(first.slice(2), 16) + index)];
}

function instruction(inputs: string, opcode: readonly number[]): (...all: never[]) => Expr<Type> {
  const operandCount = inputs.replace(/[^ilfdv0-4]/g, "").length;
  if (operandCount === inputs.length && !/\d/.test(inputs))
    return (...operands: Code[]) => expr(operands, opcode);
  const alignment = /\d/.exec(inputs)?.[0];
  const kinds = inputs.slice(operandCount);
  return (...all: unknown[]) => {
    const code: Code[] = [all.slice(0, operandCount) as Code[], opcode];
    let next = operandCount;
    const immediates = [...kinds].map((kind) => (kind === "." ? 0 : encode(kind, all[next++])));
    if (alignment) code.push(Number(alignment), unsigned((all[next] as number | undefined) ?? 0));
    return expr(...code, ...immediates);
  };
}

function encode(kind: string, value: unknown): Code {
  switch (kind) {
    case "#":
      return unsigned(value as number);
    case "*":
      return lanes(value as number[], 16);
    case "I":
      return signed(value as number);
    case "L":
      return signed64(value as bigint);
    case "F":
      return bytes(Float32Array.of(value as number));
    case "D":
      return bytes(Float64Array.of(value as number));
    default: {
      const four = typeof value === "number" ? Array<number>(4).fill(value) : lanes(value as number[], 4);
      return bytes(kind === "G" ? Float32Array.from(four) : Int32Array.from(four));
    }
  }
}

function lanes(values: readonly number[], count: number): readonly number[] {
  if (values.length !== count)
    throw new RangeError(`assembler: expected ${count} lanes, got ${values.length}`);
  return values;
}

function bytes(values: Float32Array | Float64Array | Int32Array): number[] {
  return [...new Uint8Array(values.buffer)];
}
