import type { Measurement } from "./protocol.js";

/** More are thinned out: a curve is a few hundred pixels wide. */
const CAPACITY = 1024;

/** The measurements so far; of long runs every second, fourth, ... only, and always the last. */
export class History {
  #kept: Measurement[] = [];
  #stride = 1;
  #last: Measurement | undefined;
  /** The smallest loss on unseen points. */
  bestTestLoss: number = Number.POSITIVE_INFINITY;

  add(measurement: Measurement): void {
    this.#last = measurement;
    if (measurement.testLoss < this.bestTestLoss) this.bestTestLoss = measurement.testLoss;
    if (measurement.epoch % this.#stride !== 0) return;
    this.#kept.push(measurement);
    if (this.#kept.length < CAPACITY) return;
    this.#stride *= 2;
    this.#kept = this.#kept.filter(({ epoch }) => epoch % this.#stride === 0);
  }

  get last(): Measurement | undefined {
    return this.#last;
  }

  get first(): Measurement | undefined {
    return this.#kept[0];
  }

  get measurements(): readonly Measurement[] {
    const last = this.#last;
    return last === undefined || this.#kept.at(-1) === last ? this.#kept : [...this.#kept, last];
  }

  /** Those of the last `share` of the epochs. */
  recent(share: number): readonly Measurement[] {
    const end = this.#last?.epoch ?? 0;
    return this.measurements.filter(({ epoch }) => epoch >= end * (1 - share));
  }
}
