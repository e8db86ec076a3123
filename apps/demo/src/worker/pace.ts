import type { Speed } from "../protocol.js";

/** Milliseconds from one frame to the next. */
const FRAME = 33;
/** How many of them are for training at full speed; the rest is for drawing. */
const WORK = 24;
const slowest: Readonly<Record<Exclude<Speed, "full">, { readonly epochs: number; readonly frame: number }>> =
  {
    slow: { epochs: 1, frame: 200 },
    normal: { epochs: 1, frame: FRAME },
  };

/** How many epochs come between two frames, and how long a frame lasts. */
export class Pace {
  speed: Speed = "normal";
  #epochs = 1;

  get epochs(): number {
    return this.speed === "full" ? this.#epochs : slowest[this.speed].epochs;
  }

  get frame(): number {
    return this.speed === "full" ? FRAME : slowest[this.speed].frame;
  }

  /** Learns from how long a frame's epochs took. */
  learn(epochs: number, milliseconds: number): void {
    const fitting = Math.floor((epochs * WORK) / Math.max(milliseconds, 0.1));
    this.#epochs = Math.max(1, Math.min(fitting, this.#epochs * 2));
  }
}
