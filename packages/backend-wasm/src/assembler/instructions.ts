/**
 * The instructions of the opcode table as typed functions: `f32x4.add(a, b)`, `v128.load(address, 16)`.
 * Operands come first, immediates after them (`i32x4.replace_lane(vector, value, lane)`), a byte offset last.
 */
import type { Code } from "./code.js";
import { signed, unsigned } from "./leb128.js";
import { opcodeTable } from "./opcode-table.js";
import { type Expr, expr, type Type } from "./types.js";

type Table = typeof opcodeTable;

interface Letters {
  i: "i32";
  f: "f32";
  d: "f64";
  v: "v128";
}

interface Immediates {
  "#": [lane: number];
  "*": [lanes: readonly number[]];
  I: [value: number];
  J: [values: number | readonly number[]];
  G: [values: number | readonly number[]];
  D: [values: number | readonly number[]];
}

type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";

type NamesOf<R extends string> = R extends `${string} ${infer List}` ? Names<List> : never;

type InstructionOf<R extends string> = R extends `${infer S} ${string}` ? Instruction<S> : never;

type Names<S extends string> = S extends `${infer First} ${infer Rest}` ? Name<First> | Names<Rest> : Name<S>;

type Name<S extends string> = S extends `${Digit}${string}` ? never : S;

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

const immediates: Readonly<Record<string, (value: never) => Code>> = {
  "#": unsigned,
  "*": (lanes: Code) => lanes,
  I: signed,
  J: bytesOf(Int32Array),
  G: bytesOf(Float32Array),
  D: bytesOf(Float64Array),
};

export const i32: Instructions<Table["i32"]> = instructions(opcodeTable.i32);
export const f32: Instructions<Table["f32"]> = instructions(opcodeTable.f32);
export const v128: Instructions<Table["v128"]> = instructions(opcodeTable.v128, 0xfd);
export const i8x16: Instructions<Table["i8x16"]> = instructions(opcodeTable.i8x16, 0xfd);
export const i16x8: Instructions<Table["i16x8"]> = instructions(opcodeTable.i16x8, 0xfd);
export const i32x4: Instructions<Table["i32x4"]> = instructions(opcodeTable.i32x4, 0xfd);
export const f32x4: Instructions<Table["f32x4"]> = instructions(opcodeTable.f32x4, 0xfd);
export const f64x2: Instructions<Table["f64x2"]> = instructions(opcodeTable.f64x2, 0xfd);

/** Instructions by the rows of a section, and the byte in front of their opcodes. */
export function instructions<Rows extends readonly string[]>(
  rows: Rows,
  prefix?: number,
): Instructions<Rows> {
  const members: Record<string, unknown> = {};
  for (const row of rows) {
    const [signature = "", ...words] = row.split(" ");
    const instruction = instructionsLike(signature);
    let opcode = 0;
    for (const word of words) {
      // Digits come before all letters.
      if (word < "a") opcode = Number.parseInt(word, 16);
      else members[word] = instruction(prefix ? [prefix, unsigned(opcode++)] : opcode++);
    }
  }
  return members as Instructions<Rows>;
}

/** How instructions with these operands and immediates are written, by opcode. */
function instructionsLike(signature: string): (opcode: Code) => (...all: unknown[]) => Expr<Type> {
  const operandCount = signature.search(/[^\difdv]/);
  // Of an access to memory; its address comes first.
  const alignment = Number.parseInt(signature, 10);
  const isAccess = alignment >= 0;
  const immediate = immediates[signature[operandCount] as string];
  if (!isAccess && !immediate)
    return (opcode) =>
      (...operands) =>
        expr(operands as Code[], opcode);
  return (opcode) =>
    (...all) => {
      const [first, second] = all.slice(operandCount);
      const offset = immediate ? second : first;
      return expr(
        all.slice(0, operandCount) as Code[],
        opcode,
        isAccess ? [alignment, unsigned((offset as number | undefined) ?? 0)] : [],
        immediate?.(first as never) ?? [],
      );
    };
}

/** The bytes of a vector, from all of its lanes or the one that is repeated. */
function bytesOf(
  array: Int32ArrayConstructor | Float32ArrayConstructor | Float64ArrayConstructor,
): (value: number | readonly number[]) => Uint8Array {
  return (value) => {
    const count = 16 / array.BYTES_PER_ELEMENT;
    const lanes = typeof value === "number" ? new array(count).fill(value) : new array(value);
    if (lanes.length !== count)
      throw new RangeError(`assembler: expected ${count} lanes, got ${lanes.length}`);
    return new Uint8Array(lanes.buffer);
  };
}
