import { type Instruction, interpretProgram, type Kernel, type UnaryOperation } from "@myelin/compiler";
import { expect, test } from "vitest";
import { programOf, runModule } from "../testing/run-module.js";

/** Largest distance to the interpreter, in units in the last place; the interpreter itself is at most half a unit off. */
const bounds: Record<UnaryOperation, number> = {
  exp: 2,
  expm1: 4,
  log: 2,
  log1p: 4,
  sqrt: 0,
  tanh: 7,
  sigmoid: 4,
  erfc: 71,
  sin: 3,
  cos: 3,
  floor: 0,
  negate: 0,
  absolute: 0,
};

const extremes = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1e-38,
  -1e-38,
  1e-30,
  1e-7,
  88,
  88.7228,
  89,
  -87,
  -88,
  -104,
  1e4,
  -1e4,
  3e38,
  -3e38,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];

/** Below the smallest normal number functions give zero. */
const TINY = 2 ** -126;

test.for(Object.entries(bounds) as [UnaryOperation, number][])(
  "%s agrees with the interpreter within %i ulp",
  ([op, bound]) => {
    const x = Float32Array.from([...extremes, ...Array.from({ length: 500 }, (_, i) => (i - 250) / 25)]);
    const body: Instruction[] = [
      { op: "load", type: "f32", address: { buffer: 0, offset: 0, strides: [1] } },
      { op, type: "f32", input: 0 },
    ];
    const stores = [{ address: { buffer: 1, offset: 0, strides: [1] }, value: 1 }];
    const kernel: Kernel = { family: "map", extents: [x.length], body, stores, origins: [] };
    const arrays = [x, new Float32Array(x.length)];
    const program = programOf([kernel], arrays);
    const expected = arrays.map((array) => array.slice());
    interpretProgram(program, expected);
    const got = runModule(program, arrays).arrays[1] as Float32Array;
    got.forEach((value, i) => {
      const want = expected[1]?.[i] as number;
      const outside = (op === "sin" || op === "cos") && Math.abs(x[i] as number) > 2 ** 20;
      if (outside) return;
      const about = `${op}(${x[i]}) is ${value}, not ${want}`;
      // Plus zero makes +0 of -0: the sign of a zero is not specified.
      if (!Number.isFinite(want) || bound === 0) expect(value + 0, about).toBe(want + 0);
      else if (Math.abs(want) < TINY) expect(Math.abs(value), about).toBeLessThanOrEqual(TINY);
      else expect(ulps(value, want), about).toBeLessThanOrEqual(bound);
    });
  },
);

/** How many floats lie between two of them. */
function ulps(a: number, b: number): number {
  const ordered = (x: number) => {
    const bits = new Int32Array(Float32Array.of(x).buffer)[0] as number;
    return bits < 0 ? -(bits & 0x7fffffff) : bits;
  };
  return Number.isNaN(a) ? Number.POSITIVE_INFINITY : Math.abs(ordered(a) - ordered(b));
}
