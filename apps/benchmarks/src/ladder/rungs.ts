import { cpus } from "node:os";
import { wasmWith } from "@myelin/backend-wasm";
import { type Backend, compile, interpreter } from "@myelin/compiler";
import { matmul, parameter } from "@myelin/tensor";

/** One way to multiply two n x n matrices, row-major. */
export interface Rung {
  readonly name: string;
  /** What it does differently from the one before. */
  readonly idea: string;
  /** Larger ones would take too long. */
  readonly largest: number;
  prepare(n: number, a: Float32Array, b: Float32Array): { run(): void; result(): Float32Array };
}

/** From the definition to what the library makes of it. */
export const rungs: readonly Rung[] = [
  {
    name: "arrays of arrays",
    idea: "the definition: c[i][j] = sum over k of a[i][k] b[k][j], in float64",
    largest: 512,
    prepare(n, a, b) {
      const rows = (flat: Float32Array) =>
        Array.from({ length: n }, (_, i) => Array.from(flat.subarray(i * n, (i + 1) * n)));
      const [left, right, product] = [rows(a), rows(b), rows(new Float32Array(n * n))];
      return {
        run() {
          for (let i = 0; i < n; i++) {
            for (let j = 0; j < n; j++) {
              let sum = 0;
              for (let k = 0; k < n; k++) sum += left[i]![k]! * right[k]![j]!;
              product[i]![j] = sum;
            }
          }
        },
        result: () => Float32Array.from(product.flat()),
      };
    },
  },
  typed("typed arrays", "one Float32Array per matrix: no pointers to follow", 512, (n, a, b, c) => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += a[i * n + k]! * b[k * n + j]!;
        c[i * n + j] = sum;
      }
    }
  }),
  typed(
    "rows",
    "k outside of j: walks along rows of b and c instead of down columns of b",
    1024,
    (n, a, b, c) => {
      c.fill(0);
      for (let i = 0; i < n; i++) {
        for (let k = 0; k < n; k++) {
          const left = a[i * n + k]!;
          for (let j = 0; j < n; j++) c[i * n + j]! += left * b[k * n + j]!;
        }
      }
    },
  ),
  typed("tiles", "2 x 4 sums in local variables: each loaded number is used more than once", 1024, tiles),
  typed(
    "packed",
    "columns of b copied into panels first, which the tiles then read from front to back",
    1024,
    packedTiles,
  ),
  compiled("interpreter", "the portable interpreter of a compiled program", interpreter, 256),
  compiled(
    "WebAssembly",
    "the compiled program: 128-bit SIMD, packed panels, 2 x 16 sums in registers",
    wasmWith({ threads: 1 }),
    1024,
  ),
  compiled("threads", "the same on all cores", wasmWith({ threads: cpus().length }), 1024),
];

function typed(
  name: string,
  idea: string,
  largest: number,
  multiply: (n: number, a: Float32Array, b: Float32Array, c: Float32Array) => void,
): Rung {
  return {
    name,
    idea,
    largest,
    prepare(n, a, b) {
      const c = new Float32Array(n * n);
      return { run: () => multiply(n, a, b, c), result: () => c };
    },
  };
}

function compiled(name: string, idea: string, backend: Backend, largest: number): Rung {
  return {
    name,
    idea,
    largest,
    prepare(n, a, b) {
      const left = parameter("a", [n, n]);
      const right = parameter("b", [n, n]);
      const device = backend.open();
      device.write(left, a);
      device.write(right, b);
      const program = device.compile(
        compile({ name: "matmul", outputs: { product: matmul(left, right) }, assignments: [] }),
      );
      return { run: () => program.run(), result: () => program.read("product") as Float32Array };
    },
  };
}

/** n must be a multiple of 4. */
function tiles(n: number, a: Float32Array, b: Float32Array, c: Float32Array): void {
  for (let j = 0; j < n; j += 4) tilesOfColumns(n, a, b, j, n, c, j);
}

/** n must be a multiple of 4. */
function packedTiles(n: number, a: Float32Array, b: Float32Array, c: Float32Array): void {
  const panel = new Float32Array(4 * n);
  for (let j = 0; j < n; j += 4) {
    for (let k = 0; k < n; k++) {
      for (let column = 0; column < 4; column++) panel[4 * k + column] = b[k * n + j + column]!;
    }
    tilesOfColumns(n, a, panel, 0, 4, c, j);
  }
}

/** Four columns of the product, from four of `b`, whose rows are `stride` apart. */
function tilesOfColumns(
  n: number,
  a: Float32Array,
  b: Float32Array,
  first: number,
  stride: number,
  c: Float32Array,
  j: number,
): void {
  for (let i = 0; i < n; i += 2) {
    let [c00, c01, c02, c03, c10, c11, c12, c13] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let k = 0; k < n; k++) {
      const [a0, a1] = [a[i * n + k]!, a[(i + 1) * n + k]!];
      const row = k * stride + first;
      const [b0, b1, b2, b3] = [b[row]!, b[row + 1]!, b[row + 2]!, b[row + 3]!];
      c00 += a0 * b0;
      c01 += a0 * b1;
      c02 += a0 * b2;
      c03 += a0 * b3;
      c10 += a1 * b0;
      c11 += a1 * b1;
      c12 += a1 * b2;
      c13 += a1 * b3;
    }
    const [upper, lower] = [i * n + j, (i + 1) * n + j];
    c[upper] = c00;
    c[upper + 1] = c01;
    c[upper + 2] = c02;
    c[upper + 3] = c03;
    c[lower] = c10;
    c[lower + 1] = c11;
    c[lower + 2] = c12;
    c[lower + 3] = c13;
  }
}
