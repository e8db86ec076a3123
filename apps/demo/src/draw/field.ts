import { EXTENT, type Points, type Sample } from "../points.js";
import { FIELD } from "../protocol.js";
import { contour } from "./contour.js";
import { css, mix, type Palette } from "./palette.js";
import { surfaceOf } from "./surface.js";

let cells: HTMLCanvasElement | undefined;

/** The plane in the colours of the output, the line where the decision changes, and the points; these alone without a field. */
export function drawField(
  canvas: HTMLCanvasElement,
  field: Float32Array | undefined,
  sample: Sample,
  palette: Palette,
): void {
  const { context, width } = surfaceOf(canvas);
  if (field !== undefined) drawOutput(context, width, field, palette);
  drawPoints(context, width, sample.unseen, palette, false);
  drawPoints(context, width, sample.seen, palette, true);
}

function drawOutput(
  context: CanvasRenderingContext2D,
  width: number,
  field: Float32Array,
  palette: Palette,
): void {
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(colour(field, palette), 0, 0, width, width);
  const cell = width / FIELD;
  context.beginPath();
  for (const [x0, y0, x1, y1] of contour(field, FIELD, 0.5)) {
    context.moveTo(x0 * cell, y0 * cell);
    context.lineTo(x1 * cell, y1 * cell);
  }
  context.strokeStyle = palette.text;
  context.globalAlpha = 0.55;
  context.lineWidth = 1.5;
  context.stroke();
  context.globalAlpha = 1;
}

/** One pixel per cell. Uncertain cells have the colour in the middle. */
function colour(field: Float32Array, { orange, blue, middle }: Palette): HTMLCanvasElement {
  cells ??= document.createElement("canvas");
  cells.width = cells.height = FIELD;
  const context = cells.getContext("2d")!;
  const image = context.createImageData(FIELD, FIELD);
  for (const [i, value] of field.entries()) {
    const certainty = 2 * Math.abs(value - 0.5);
    image.data.set([...mix(middle, value < 0.5 ? orange : blue, 0.6 * certainty), 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
  return cells;
}

/** Filled: what it learns from; rings: what it is tested with. */
function drawPoints(
  context: CanvasRenderingContext2D,
  width: number,
  points: Points,
  palette: Palette,
  filled: boolean,
): void {
  const radius = Math.max(2.5, width / 150);
  const place = (value: number) => ((value / EXTENT + 1) / 2) * width;
  for (let i = 0; i < points.count; i++) {
    const colour = css(points.classes[i] === 0 ? palette.orange : palette.blue);
    context.beginPath();
    context.arc(
      place(points.coordinates[2 * i]!),
      width - place(points.coordinates[2 * i + 1]!),
      radius,
      0,
      2 * Math.PI,
    );
    context.fillStyle = filled ? colour : css(palette.middle, 0.85);
    context.strokeStyle = filled ? css(palette.middle, 0.9) : colour;
    context.lineWidth = filled ? 1 : 1.5;
    context.fill();
    context.stroke();
  }
}
