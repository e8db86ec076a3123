import type { Device } from "@myelin/compiler";
import type { Tensor } from "@myelin/tensor";

/**
 * A sum that a compiled step adds up in a float32 cell. So that it is exact enough for any number of steps, JavaScript takes
 * the cell over now and then and starts it anew: at fixed steps, because the result must not depend on the clock.
 */
export class CellSum {
  readonly #device: Device;
  readonly #cell: Tensor;
  #before = 0;
  #inCell = 0;

  constructor(device: Device, cell: Tensor) {
    this.#device = device;
    this.#cell = cell;
  }

  /** For what JavaScript knows by itself. */
  add(amount: number): number {
    this.#before += amount;
    return amount;
  }

  restart(): void {
    this.takeOver();
    this.#before = 0;
  }

  takeOver(): void {
    this.#before += this.#inCell;
    if (this.#inCell !== 0) this.#device.write(this.#cell, [0]);
    this.#inCell = 0;
  }

  /** What was added since it was last asked. */
  increase(): number {
    const before = this.#inCell;
    this.#inCell = this.#device.read(this.#cell)[0] as number;
    return this.#inCell - before;
  }

  get total(): number {
    return this.#before + this.#inCell;
  }
}
