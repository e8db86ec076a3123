import type { Address, Instruction } from "./program.js";
import { operandsOf } from "./walk.js";

/**
 * Which values change with the index of an extent. A reduction does not depend on the extent that it reduces: the last of a
 * `row` kernel, the second-last of a `column` kernel.
 */
export function dependsOn(body: readonly Instruction[], axis: number, reduced: number = axis): boolean[] {
  const depends: boolean[] = [];
  for (const instruction of body) {
    const moves =
      instruction.op === "accumulator" ||
      (instruction.op === "index" && (instruction.strides[axis] ?? 0) !== 0) ||
      (instruction.op === "load" && (instruction.address.strides[axis] ?? 0) !== 0);
    const inherits = operandsOf(instruction).some((operand) => depends[operand]);
    depends.push((instruction.op !== "reduce" || axis !== reduced) && (moves || inherits));
  }
  return depends;
}

/** Whether the address changes with the index of an extent, given which values do. */
export function addressMoves(
  { strides, indirect }: Address,
  axis: number,
  depends: readonly boolean[],
): boolean {
  return (strides[axis] ?? 0) !== 0 || (!!indirect && depends[indirect.value] === true);
}

/** How many reductions, one after the other, a value waits for. */
export function stagesOf(body: readonly Instruction[]): number[] {
  const stages: number[] = [];
  for (const instruction of body) {
    const before = Math.max(0, ...operandsOf(instruction).map((operand) => stages[operand] as number));
    stages.push(instruction.op === "reduce" ? before + 1 : before);
  }
  return stages;
}
