import type { Command, Report, Speed } from "./protocol.js";
import type { Settings } from "./settings.js";

/** The worker, as the page sees it. Reports of networks that were replaced meanwhile are dropped. */
export class TrainingClient {
  readonly #worker: Worker = new Worker(new URL("./worker/worker.ts", import.meta.url), { type: "module" });
  #generation = 0;

  constructor(onReport: (report: Report) => void) {
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Report>) => {
      if (data.generation === this.#generation) onReport(data);
    });
    this.#worker.addEventListener("error", ({ message }) => {
      onReport({
        type: "failed",
        generation: this.#generation,
        message: message || "the worker could not start",
      });
    });
  }

  reset(settings: Settings, speed: Speed): void {
    this.#send({ type: "reset", generation: ++this.#generation, settings, speed });
  }

  run(): void {
    this.#send({ type: "run" });
  }

  pause(): void {
    this.#send({ type: "pause" });
  }

  step(): void {
    this.#send({ type: "step" });
  }

  setSpeed(speed: Speed): void {
    this.#send({ type: "speed", speed });
  }

  #send(command: Command): void {
    this.#worker.postMessage(command);
  }
}
