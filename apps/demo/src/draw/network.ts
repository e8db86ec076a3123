import type { LayerWeights } from "../protocol.js";
import { css, type Palette } from "./palette.js";
import { surfaceOf } from "./surface.js";

/** Nodes in columns, from x and y on the left to the output; a line is as wide as its weight is large. */
export function drawNetwork(
  canvas: HTMLCanvasElement,
  layers: readonly LayerWeights[],
  palette: Palette,
): void {
  const { context, width, height } = surfaceOf(canvas);
  const counts = [2, ...layers.map(({ bias }) => bias.length)];
  const radius = Math.min(7, (height / (Math.max(...counts) + 1)) * 0.36);
  const x = (column: number) => 22 + (column * (width - 36)) / (counts.length - 1);
  const y = (column: number, node: number) => (height * (node + 1)) / ((counts[column] ?? 1) + 1);
  for (const [column, { kernel, bias }] of layers.entries()) {
    const outputs = bias.length;
    for (const [i, weight] of kernel.entries()) {
      const size = Math.min(Math.abs(weight), 5);
      const [from, to] = [Math.floor(i / outputs), i % outputs];
      context.beginPath();
      context.moveTo(x(column), y(column, from));
      context.bezierCurveTo(
        x(column + 0.5),
        y(column, from),
        x(column + 0.5),
        y(column + 1, to),
        x(column + 1),
        y(column + 1, to),
      );
      context.strokeStyle = css(
        weight < 0 ? palette.orange : palette.blue,
        Math.min(0.9, 0.15 + 0.25 * size),
      );
      context.lineWidth = 0.4 + 0.7 * size;
      context.stroke();
    }
  }
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const [column, count] of counts.entries()) {
    for (let node = 0; node < count; node++) {
      const bias = layers[column - 1]?.bias[node] ?? 0;
      context.beginPath();
      context.arc(x(column), y(column, node), radius, 0, 2 * Math.PI);
      context.fillStyle = css(palette.middle);
      context.fill();
      context.fillStyle = css(bias < 0 ? palette.orange : palette.blue, Math.min(0.8, Math.abs(bias)));
      context.fill();
      context.strokeStyle = palette.text;
      context.lineWidth = 1;
      context.stroke();
      context.fillStyle = palette.text;
      if (column === 0) context.fillText(node === 0 ? "x" : "y", x(0) - radius - 4, y(0, node));
    }
  }
}
