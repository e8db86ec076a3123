import type { Instruction, Value } from "./program.js";

/** The values that an instruction reads. */
export function operandsOf(instruction: Instruction): readonly Value[] {
  switch (instruction.op) {
    case "constant":
    case "index":
    case "accumulator":
      return [];
    case "load":
      return instruction.address.indirect ? [instruction.address.indirect.value] : [];
    case "add":
    case "subtract":
    case "multiply":
    case "divide":
    case "maximum":
    case "minimum":
    case "compare":
      return [instruction.left, instruction.right];
    case "select":
      return [instruction.condition, instruction.then, instruction.otherwise];
    case "random":
      return [instruction.seed, instruction.stepLow, instruction.stepHigh, instruction.element];
    default:
      return [instruction.input];
  }
}

/**
 * Whether a value changes with the index of an extent. A reduction does not depend on the extent that it reduces (the
 * last of a `row` kernel, the second-last of a `column` kernel), which is the only one that this is asked about there.
 */
export function dependsOn(body: readonly Instruction[], value: Value, axis: number): boolean {
  const instruction = body[value] as Instruction;
  if (instruction.op === "reduce") return false;
  if (instruction.op === "accumulator") return true;
  if (instruction.op === "index" && (instruction.strides[axis] ?? 0) !== 0) return true;
  if (instruction.op === "load" && (instruction.address.strides[axis] ?? 0) !== 0) return true;
  return operandsOf(instruction).some((operand) => dependsOn(body, operand, axis));
}

/** Whether a value is a reduction or is computed from one. */
export function reachesReduction(body: readonly Instruction[], value: Value): boolean {
  const instruction = body[value] as Instruction;
  return (
    instruction.op === "reduce" || operandsOf(instruction).some((operand) => reachesReduction(body, operand))
  );
}
