/** Times the named parts of a program, in the order in which they were run. */
export class Stopwatch {
  readonly #milliseconds = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Runs `work`, waits for it if it is a promise, and adds the time to the part's. */
  async time<Result>(part: string, work: () => Result | Promise<Result>): Promise<Result> {
    const start = this.#now();
    try {
      return await work();
    } finally {
      this.#milliseconds.set(part, this.milliseconds(part) + this.#now() - start);
    }
  }

  /** 0 for a part that has not run. */
  milliseconds(part: string): number {
    return this.#milliseconds.get(part) ?? 0;
  }

  lines(): string[] {
    const parts = [...this.#milliseconds];
    const width = Math.max(0, ...parts.map(([part]) => part.length));
    return parts.map(([part, time]) => `${part.padEnd(width)}  ${duration(time).padStart(9)}`);
  }
}

/** "12.3 s", "45 ms", "0.84 ms". */
export function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds.toFixed(milliseconds >= 10 ? 0 : milliseconds >= 1 ? 1 : 2)} ms`;
}
