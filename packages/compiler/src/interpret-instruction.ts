import { elementAt, everyIndex, type Scalars, saturated, scalars, uniform } from "@myelin/tensor";
import type { TypedArray } from "./backend.js";
import type { Address, Contraction, Instruction, Kernel, Operand, Store } from "./program.js";
import { operandsOf, type Walk } from "./walk.js";

/** The values of an instruction along the last extent; `bool` is 0 or 1. Storing into it rounds or wraps. */
export type Line = Float32Array | Int32Array;

/** What happens for one line; the position holds the indices of the extents before the last. */
export type LineStep = (position: readonly number[]) => void;

/** What one instruction does, as a step over lines that exist already. */
export function stepOf(
  { body, contraction }: Kernel,
  value: number,
  lines: readonly Line[],
  memory: readonly TypedArray[],
): LineStep {
  const instruction = body[value] as Instruction;
  const result = lines[value] as Line;
  switch (instruction.op) {
    case "constant":
      result.fill(instruction.value);
      return () => {};
    case "index":
    case "load": {
      const walk: Walk & Partial<Address> = instruction.op === "load" ? instruction.address : instruction;
      const source = memory[walk.buffer ?? -1];
      const { startAt, offsets } = elementsOf(walk, lines, result.length);
      return (position) => {
        const start = startAt(position);
        for (let i = 0; i < result.length; i++) {
          const element = start + (offsets[i] as number);
          result[i] = source ? (source[element] as number) : element;
        }
      };
    }
    case "reduce": {
      const line = lines[instruction.input] as Line;
      const isSum = instruction.reduction === "sum";
      const start = isSum ? 0 : instruction.type === "f32" ? -Infinity : -(2 ** 31);
      const combine = isSum ? scalars.add : scalars.maximum;
      return () => {
        // The first element holds the partial result, so that it is rounded or wrapped after every step.
        result[0] = start;
        for (const x of line) result[0] = combine(result[0], x);
        result.fill(result[0]);
      };
    }
    case "accumulator":
      return contractionStep(contraction as Contraction, result, memory);
    default:
      return elementwiseStep(
        meaningOf(instruction, body),
        result,
        operandsOf(instruction).map((operand) => lines[operand] as Line),
      );
  }
}

/** Writes the first `count` elements of a line to memory, or adds them to it. */
export function storeOf(
  { address, value, accumulate = false }: Store,
  lines: readonly Line[],
  memory: readonly TypedArray[],
  count: number,
): LineStep {
  const target = memory[address.buffer] as TypedArray;
  const line = lines[value] as Line;
  const { startAt, offsets } = elementsOf(address, lines, count);
  return (position) => {
    const start = startAt(position);
    for (let i = 0; i < count; i++) {
      const element = start + (offsets[i] as number);
      // Added in f64 and rounded by the array: the same as added in f32.
      target[element] = (accumulate ? (target[element] as number) : 0) + (line[i] as number);
    }
  };
}

/** What an element-wise instruction means for single numbers; the line that takes the result rounds or wraps it. */
function meaningOf(
  instruction: Instruction,
  body: readonly Instruction[],
): (...operands: number[]) => number {
  const { op, type } = instruction;
  switch (op) {
    case "negate":
      return (x) => -(x as number);
    case "absolute":
      return Math.abs;
    case "subtract":
      return (a, b) => (a as number) - (b as number);
    case "compare":
      return scalars[instruction.comparison];
    case "cast":
      return type === "i32" && body[instruction.input]?.type === "f32" ? saturated : (x) => x as number;
    case "random":
      return (seed, low, high, element) =>
        uniform(seed as number, instruction.stream, element as number, low, high);
    default:
      return op === "multiply" && type === "i32" ? Math.imul : scalars[op as keyof Scalars];
  }
}

/** Loops by the number of operands, so that each is quick. */
function elementwiseStep(
  meaning: (...operands: number[]) => number,
  result: Line,
  [a, b, c, d]: readonly Line[],
): LineStep {
  if (!a || !b) {
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = meaning(a?.[i] as number);
    };
  }
  if (!c) {
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = meaning(a[i] as number, b[i] as number);
    };
  }
  return () => {
    for (let i = 0; i < result.length; i++)
      result[i] = meaning(a[i] as number, b[i] as number, c[i] as number, d?.[i] as number);
  };
}

function contractionStep(
  { extents, left, right }: Contraction,
  result: Line,
  memory: readonly TypedArray[],
): LineStep {
  const [a, b] = [memory[left.buffer] as TypedArray, memory[right.buffer] as TypedArray];
  const stride = right.strides.at(-1) ?? 0;
  const along = ({ contractedStrides: strides }: Operand): number[] => {
    const offsets: number[] = [];
    everyIndex(extents, (position) => offsets.push(elementAt({ offset: 0, strides }, position)));
    return offsets;
  };
  const [leftOffsets, rightOffsets] = [along(left), along(right)];
  return (position) => {
    const leftStart = elementAt(left, position);
    const rightStart = elementAt(right, position);
    result.fill(0);
    leftOffsets.forEach((offset, k) => {
      const factor = a[leftStart + offset] as number;
      const start = rightStart + (rightOffsets[k] as number);
      for (let n = 0; n < result.length; n++) {
        const product = Math.fround(factor * (b[start + n * stride] as number));
        result[n] = (result[n] as number) + product;
      }
    });
  };
}

/** Where the elements of a line are: its start, and from there, by their index in the last extent. */
function elementsOf(
  walk: Walk & Pick<Address, "indirect">,
  lines: readonly Line[],
  width: number,
): { startAt: (position: readonly number[]) => number; offsets: Int32Array } {
  const stride = walk.strides.at(-1) ?? 0;
  const { indirect } = walk;
  const rows = lines[indirect?.value as number];
  const offsets = new Int32Array(width).map((_, i) => i * stride);
  const startAt = (position: readonly number[]) => {
    if (rows)
      for (let i = 0; i < width; i++)
        offsets[i] = i * stride + (rows[i] as number) * (indirect?.stride as number);
    return elementAt(walk, position);
  };
  return { startAt, offsets };
}
