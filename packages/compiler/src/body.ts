import { obtain } from "@myelin/tensor";
import type { Instruction, Value, ValueType } from "./program.js";

/** Appends an instruction to a body and returns its value; the same instruction is never written twice. */
export type Write = (instruction: Instruction) => Value;

export function writerOf(body: Instruction[]): Write {
  const known = new Map<string, Value>();
  return (instruction) => {
    const simpler = simplified(instruction, body);
    if (typeof simpler === "number") return simpler;
    // JSON has no word for -0, infinities and NaN.
    const key =
      JSON.stringify(simpler) + (simpler.op === "constant" ? `${simpler.value} ${1 / simpler.value}` : "");
    return obtain(known, key, () => body.push(simpler) - 1);
  };
}

/** What does nothing is its operand; sums and products of known positions are known (unrolled windows are full of them). */
function simplified(instruction: Instruction, body: readonly Instruction[]): Instruction | Value {
  switch (instruction.op) {
    case "index": {
      const { offset, strides } = instruction;
      return strides.some((stride) => stride !== 0) ? instruction : constant(offset, "i32");
    }
    case "select":
      return instruction.then === instruction.otherwise ? instruction.then : instruction;
    case "cast":
      return body[instruction.input]?.type === instruction.type ? instruction.input : instruction;
    case "add":
    case "multiply": {
      const [a, b] = [body[instruction.left], body[instruction.right]];
      if (a?.op !== "constant" || b?.op !== "constant" || a.type !== "i32") return instruction;
      return constant(
        instruction.op === "add" ? (a.value + b.value) | 0 : Math.imul(a.value, b.value),
        "i32",
      );
    }
    default:
      return instruction;
  }
}

export function constant(value: number, type: ValueType): Instruction {
  return { op: "constant", type, value };
}
