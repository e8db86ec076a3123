import { uniform } from "../random.js";
import { type Summary, summarize } from "../statistics.js";
import { type Rung, rungs } from "./rungs.js";

export interface Step {
  readonly rung: Rung;
  readonly size: number;
  /** Seconds per product. */
  readonly seconds: Summary;
  /** Largest difference from the first rung, in units of the bound for sums in float32. */
  readonly error: number;
}

/** How long one measurement lasts, in seconds. */
const ROUND = 0.1;

/** Every rung at every size that it can do in reasonable time, checked against the first. Throws for a wrong product. */
export function climb(sizes: readonly number[], rounds: number, round: number = ROUND): readonly Step[] {
  return sizes.flatMap((size) => {
    const next = uniform(31);
    const matrix = () => Float32Array.from({ length: size * size }, () => 2 * next() - 1);
    const [a, b] = [matrix(), matrix()];
    const expected = rungs[0]!.prepare(size, a, b);
    expected.run();
    const product = expected.result();
    const chosen = rungs
      .filter(({ largest }) => size <= largest)
      .map((rung) => {
        const prepared = rung.prepare(size, a, b);
        const once = time(prepared, 1);
        const error = errorOf(prepared.result(), product, size);
        if (!(error <= 1))
          throw new Error(`${rung.name}, ${size} x ${size}: wrong, ${error} times the bound`);
        // The first run compiles; a second one says how many fit into a round.
        const count = Math.max(1, Math.ceil(round / Math.min(once, time(prepared, 1))));
        return { rung, prepared, error, count, times: [] as number[] };
      });
    for (let i = -1; i < rounds; i++) {
      for (const { prepared, count, times } of chosen) {
        const seconds = time(prepared, count) / count;
        if (i >= 0) times.push(seconds);
      }
    }
    return chosen.map(({ rung, error, times }) => ({ rung, size, error, seconds: summarize(times) }));
  });
}

function time({ run }: { run(): void }, count: number): number {
  const start = performance.now();
  for (let i = 0; i < count; i++) run();
  return Math.max(1e-6, (performance.now() - start) / 1000);
}

/** Sums of n products of numbers up to 1 in float32 are off by at most about n 2^-24 times their size. */
function errorOf(product: Float32Array, expected: Float32Array, n: number): number {
  let largest = 0;
  for (const [i, value] of product.entries()) largest = Math.max(largest, Math.abs(value - expected[i]!));
  return largest / (n * n * 2 ** -24);
}

/** GFLOP/s of every rung and size, as a Markdown table. */
export function printLadder(steps: readonly Step[]): string {
  const sizes = [...new Set(steps.map(({ size }) => size))];
  const speed = (rung: Rung, size: number) => {
    const found = steps.find((step) => step.rung === rung && step.size === size);
    return found === undefined ? "" : ((2 * size ** 3) / found.seconds.median / 1e9).toPrecision(3);
  };
  return [
    "## The ladder: one matrix product, from the definition to the compiled program",
    "",
    "GFLOP/s for n x n matrices; every product is checked against the first rung.",
    "",
    `| | ${sizes.join(" | ")} | |`,
    `|---|${sizes.map(() => "--:|").join("")}---|`,
    ...rungs.map(
      (rung) => `| ${[rung.name, ...sizes.map((size) => speed(rung, size)), rung.idea].join(" | ")} |`,
    ),
    "",
  ].join("\n");
}
