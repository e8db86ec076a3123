import type { Measurement } from "../protocol.js";
import { css, type Palette } from "./palette.js";
import { surfaceOf } from "./surface.js";

const margin = { left: 34, right: 8, top: 6, bottom: 18 } as const;

/** Loss over the epochs: a line for the points that it learns from, a dashed one for the others. */
export function drawCurve(
  canvas: HTMLCanvasElement,
  measurements: readonly Measurement[],
  palette: Palette,
): void {
  const { context, width, height } = surfaceOf(canvas);
  const last = Math.max(10, measurements.at(-1)?.epoch ?? 0);
  const top = ceiling(measurements);
  const x = (epoch: number) => margin.left + (epoch / last) * (width - margin.left - margin.right);
  const y = (loss: number) =>
    height - margin.bottom - (Math.min(loss, top) / top) * (height - margin.top - margin.bottom);
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = palette.text;
  context.strokeStyle = palette.faint;
  context.lineWidth = 1;
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const loss of [0, top / 2, top]) {
    context.beginPath();
    context.moveTo(margin.left, Math.round(y(loss)) + 0.5);
    context.lineTo(width - margin.right, Math.round(y(loss)) + 0.5);
    context.stroke();
    context.fillText(String(Number(loss.toPrecision(2))), margin.left - 6, y(loss));
  }
  context.textBaseline = "alphabetic";
  context.fillText(last.toLocaleString("en"), width - margin.right, height - 3);
  context.textAlign = "left";
  context.fillText("0", margin.left, height - 3);

  context.lineWidth = 1.75;
  context.lineJoin = "round";
  const lines = [
    { dash: [4, 3], colour: css(palette.blue), loss: (each: Measurement) => each.testLoss },
    { dash: [], colour: palette.text, loss: (each: Measurement) => each.loss },
  ];
  for (const { dash, colour, loss } of lines) {
    context.beginPath();
    for (const each of measurements)
      if (Number.isFinite(loss(each))) context.lineTo(x(each.epoch), y(loss(each)));
    context.setLineDash(dash);
    context.strokeStyle = colour;
    context.stroke();
  }
  context.setLineDash([]);
}

/** A round number that holds the loss at the start and all later ones but the wildest. */
function ceiling(measurements: readonly Measurement[]): number {
  const losses = measurements.flatMap(({ loss, testLoss }) => [loss, testLoss]).filter(Number.isFinite);
  const start = Math.min(losses[0] ?? 1, 5);
  losses.sort((a, b) => a - b);
  const high = Math.max(start, losses[Math.floor(0.98 * (losses.length - 1))] ?? 1);
  return [0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 5, 10, 20, 50, 100].find((round) => round >= high) ?? high;
}
