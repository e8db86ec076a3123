import { errorFunction, everyIndex, uniform } from "@myelin/tensor";
import type { TypedArray } from "./backend.js";
import type { Address, Instruction, Kernel, Operand, Store, UnaryOperation, Value } from "./program.js";

/** The values of an instruction along the last extent; `bool` is 0 or 1. Storing into it rounds or wraps. */
export type Line = Float32Array | Int32Array;

/** What happens for one line; the position holds the indices of the extents before the last. */
export type LineStep = (position: readonly number[]) => void;

type Definition<Name extends Instruction["op"]> = (
  instruction: Instruction & { readonly op: Name },
  context: {
    readonly result: Line;
    readonly kernel: Kernel;
    readonly memory: readonly TypedArray[];
    line(value: Value): Line;
  },
) => LineStep;

/** What one instruction does, as a step over lines that exist already. */
export function interpretInstruction(
  kernel: Kernel,
  value: Value,
  lines: readonly Line[],
  memory: readonly TypedArray[],
): LineStep {
  const instruction = kernel.body[value] as Instruction;
  const define = definitions[instruction.op] as Definition<Instruction["op"]>;
  return define(instruction, {
    result: lines[value] as Line,
    kernel,
    memory,
    line: (operand) => lines[operand] as Line,
  });
}

/** A line for an instruction; a constant is there from the beginning. */
export function lineOf(instruction: Instruction, width: number): Line {
  const line = instruction.type === "f32" ? new Float32Array(width) : new Int32Array(width);
  return instruction.op === "constant" ? line.fill(instruction.value) : line;
}

/** Writes the first `count` elements of a line to memory, or adds them to it. */
export function storeLine(
  { address, value, accumulate = false }: Store,
  lines: readonly Line[],
  memory: readonly TypedArray[],
  count: number,
): LineStep {
  const target = memory[address.buffer] as TypedArray;
  const line = lines[value] as Line;
  const at = elementOf(address, (operand) => lines[operand] as Line);
  return (position) => {
    const start = startOfLine(address, position);
    for (let i = 0; i < count; i++) {
      const element = at(start, i);
      // Added in f64 and rounded by the array: the same as added in f32.
      target[element] = (accumulate ? (target[element] as number) : 0) + (line[i] as number);
    }
  };
}

/** What a reduction starts from. */
export function startOf({ reduction, type }: Extract<Instruction, { op: "reduce" }>): number {
  if (reduction === "sum") return 0;
  return type === "f32" ? Number.NEGATIVE_INFINITY : -(2 ** 31);
}

const definitions: { readonly [Name in Instruction["op"]]: Definition<Name> } = {
  constant: () => () => {},
  index: ({ offset, strides }, { result }) => {
    const stride = strides.at(-1) ?? 0;
    return (position) => {
      const start = startOfLine({ offset, strides }, position);
      for (let i = 0; i < result.length; i++) result[i] = start + i * stride;
    };
  },
  load: ({ address }, { result, memory, line }) => {
    const source = memory[address.buffer] as TypedArray;
    const at = elementOf(address, line);
    return (position) => {
      const start = startOfLine(address, position);
      for (let i = 0; i < result.length; i++) result[i] = source[at(start, i)] as number;
    };
  },
  exp: unary(Math.exp),
  expm1: unary(Math.expm1),
  log: unary(Math.log),
  log1p: unary(Math.log1p),
  sqrt: unary(Math.sqrt),
  tanh: unary(Math.tanh),
  sigmoid: unary((x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))),
  erf: unary(errorFunction),
  sin: unary(Math.sin),
  cos: unary(Math.cos),
  floor: unary(Math.floor),
  negate: unary((x) => -x),
  absolute: unary(Math.abs),
  add: ({ left, right }, { result, line }) => {
    const [a, b] = [line(left), line(right)];
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = (a[i] as number) + (b[i] as number);
    };
  },
  subtract: ({ left, right }, { result, line }) => {
    const [a, b] = [line(left), line(right)];
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = (a[i] as number) - (b[i] as number);
    };
  },
  multiply: ({ type, left, right }, { result, line }) => {
    const [a, b] = [line(left), line(right)];
    if (type === "i32") {
      return () => {
        for (let i = 0; i < result.length; i++) result[i] = Math.imul(a[i] as number, b[i] as number);
      };
    }
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = (a[i] as number) * (b[i] as number);
    };
  },
  // An Int32Array truncates, and makes 0 of a division by zero.
  divide: ({ left, right }, { result, line }) => {
    const [a, b] = [line(left), line(right)];
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = (a[i] as number) / (b[i] as number);
    };
  },
  maximum: ({ left, right }, { result, line }) => {
    const [a, b] = [line(left), line(right)];
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = Math.max(a[i] as number, b[i] as number);
    };
  },
  minimum: ({ left, right }, { result, line }) => {
    const [a, b] = [line(left), line(right)];
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = Math.min(a[i] as number, b[i] as number);
    };
  },
  compare: ({ comparison, left, right }, { result, line }) => {
    const [a, b] = [line(left), line(right)];
    const holds = {
      less: (x: number, y: number) => x < y,
      lessOrEqual: (x: number, y: number) => x <= y,
      equal: (x: number, y: number) => x === y,
    }[comparison];
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = holds(a[i] as number, b[i] as number) ? 1 : 0;
    };
  },
  select: ({ condition, then, otherwise }, { result, line }) => {
    const [c, a, b] = [line(condition), line(then), line(otherwise)];
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = (c[i] === 0 ? b[i] : a[i]) as number;
    };
  },
  cast: ({ type, input }, { result, line }) => {
    const x = line(input);
    const convert = type === "i32" && x instanceof Float32Array ? saturated : (value: number) => value;
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = convert(x[i] as number);
    };
  },
  random: ({ stream, seed, stepLow, stepHigh, element }, { result, line }) => {
    const [key, low, high, counter] = [line(seed), line(stepLow), line(stepHigh), line(element)];
    return () => {
      for (let i = 0; i < result.length; i++) {
        result[i] = uniform(key[i] as number, stream, counter[i] as number, low[i], high[i]);
      }
    };
  },
  /** Over the line in `row` kernels, whose result fills it; over the lines of the second-last extent in `column` kernels. */
  reduce: (instruction, { result, kernel, line }) => {
    const x = line(instruction.input);
    const start = startOf(instruction);
    const combine = instruction.reduction === "sum" ? (a: number, b: number) => a + b : Math.max;
    if (kernel.family === "column") {
      return () => {
        for (let i = 0; i < result.length; i++) result[i] = combine(result[i] as number, x[i] as number);
      };
    }
    return () => {
      // The first element holds the partial result, so that it is rounded or wrapped after every addition.
      result[0] = start;
      for (let i = 0; i < x.length; i++) result[0] = combine(result[0], x[i] as number);
      result.fill(result[0]);
    };
  },
  accumulator: (_, { result, kernel, memory }) => {
    const { extents, left, right } = kernel.contraction as NonNullable<Kernel["contraction"]>;
    const [a, b] = [memory[left.buffer] as TypedArray, memory[right.buffer] as TypedArray];
    const stride = right.strides.at(-1) ?? 0;
    const inner = (operand: Operand, k: readonly number[]) =>
      startOfLine({ offset: 0, strides: operand.contractedStrides }, k);
    return (position) => {
      const leftStart = startOfLine(left, position);
      const rightStart = startOfLine(right, position);
      result.fill(0);
      everyIndex(extents, (k) => {
        const factor = a[leftStart + inner(left, k)] as number;
        const start = rightStart + inner(right, k);
        for (let n = 0; n < result.length; n++) {
          const product = Math.fround(factor * (b[start + n * stride] as number));
          result[n] = (result[n] as number) + product;
        }
      });
    };
  },
};

function unary(f: (x: number) => number): Definition<UnaryOperation> {
  return ({ input }, { result, line }) => {
    const x = line(input);
    return () => {
      for (let i = 0; i < result.length; i++) result[i] = f(x[i] as number);
    };
  };
}

/** The element at index i of the last extent, in a line that begins at `start`. */
function elementOf(
  { strides, indirect }: Address,
  line: (value: Value) => Line,
): (start: number, i: number) => number {
  const stride = strides.at(-1) ?? 0;
  if (indirect === undefined) return (start, i) => start + i * stride;
  const rows = line(indirect.value);
  return (start, i) => start + i * stride + (rows[i] as number) * indirect.stride;
}

/** Offset and all strides but the last. */
function startOfLine(
  { offset, strides }: { offset: number; strides: readonly number[] },
  position: readonly number[],
): number {
  let start = offset;
  for (let axis = 0; axis < position.length; axis++)
    start += (position[axis] as number) * (strides[axis] as number);
  return start;
}

/** Towards zero, clamped to 32 bits, NaN becomes 0 (i32.trunc_sat of WebAssembly). */
function saturated(x: number): number {
  return Number.isNaN(x) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x)));
}
