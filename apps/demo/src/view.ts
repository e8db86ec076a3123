import { activations } from "./activations.js";
import { type Diagnosis, percent } from "./diagnosis.js";
import { drawCurve } from "./draw/curve.js";
import { drawField } from "./draw/field.js";
import { drawNetwork } from "./draw/network.js";
import { type Palette, readPalette } from "./draw/palette.js";
import { drawShape } from "./draw/shape.js";
import { element } from "./element.js";
import type { Sample } from "./points.js";
import type { Measurement, Report } from "./protocol.js";

type Frame = Extract<Report, { type: "frame" }>;

/** What is to be seen at a moment. */
export interface Scene {
  readonly activation: string;
  readonly sample: Sample;
  readonly frame: Frame | undefined;
  readonly measurements: readonly Measurement[];
  readonly last: Measurement | undefined;
  readonly diagnosis: Diagnosis | undefined;
  readonly isRunning: boolean;
}

/** Draws scenes, at most one per frame of the screen. */
export class View {
  #palette: Palette = readPalette();
  #scene: Scene | undefined;
  #waiting = false;

  constructor() {
    const redraw = () => {
      this.#palette = readPalette();
      this.#request();
    };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    new ResizeObserver(redraw).observe(element("field", HTMLCanvasElement));
  }

  show(scene: Scene): void {
    this.#scene = scene;
    this.#request();
  }

  #request(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      if (this.#scene !== undefined) this.#draw(this.#scene);
    });
  }

  #draw({ activation, sample, frame, measurements, last, diagnosis, isRunning }: Scene): void {
    const palette = this.#palette;
    const canvas = (id: string) => element(id, HTMLCanvasElement);
    drawField(canvas("field"), frame?.field, sample, palette);
    if (frame !== undefined) drawNetwork(canvas("network"), frame.layers, palette);
    drawCurve(canvas("curve"), measurements, palette);
    drawShape(canvas("shape"), activations.get(activation)!.reference!, palette);
    write("epoch", (last?.epoch ?? 0).toLocaleString("en"));
    write("rate", frame?.stepsPerSecond ? Math.round(frame.stepsPerSecond).toLocaleString("en") : "–");
    write("loss", last === undefined ? "–" : short(last.loss));
    write("test-loss", last === undefined ? "–" : short(last.testLoss));
    write("accuracy", last === undefined ? "–" : percent(last.accuracy));
    write("test-accuracy", last === undefined ? "–" : percent(last.testAccuracy));
    write("run", isRunning ? "Pause" : "Run");
    write("message", diagnosis?.text ?? "");
    element("message", HTMLElement).dataset.tone = diagnosis?.tone ?? "";
    if (last !== undefined)
      canvas("field").ariaLabel =
        `The plane, coloured by the network's output; ${percent(last.testAccuracy)} of the unseen points are right`;
  }
}

/** Leaves equal text alone, so that screen readers are not told twice. */
function write(id: string, text: string): void {
  const target = element(id, HTMLElement);
  if (target.textContent !== text) target.textContent = text;
}

function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return value < 0.001 ? value.toExponential(1) : value.toPrecision(3);
}
