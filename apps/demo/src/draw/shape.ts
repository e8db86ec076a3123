import { css, type Palette } from "./palette.js";
import { surfaceOf } from "./surface.js";

const REACH = 3;

/** The graph of an activation from -3 to 3. */
export function drawShape(
  canvas: HTMLCanvasElement,
  activation: (z: number) => number,
  palette: Palette,
): void {
  const { context, width, height } = surfaceOf(canvas);
  const x = (z: number) => ((z / REACH + 1) / 2) * width;
  const y = (value: number) => height * (0.62 - value / (2 * REACH));
  context.strokeStyle = palette.faint;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(0, y(0));
  context.lineTo(width, y(0));
  context.moveTo(x(0), 0);
  context.lineTo(x(0), height);
  context.stroke();
  context.beginPath();
  for (let column = 0; column <= width; column += 0.5)
    context.lineTo(column, y(activation((2 * column * REACH) / width - REACH)));
  context.strokeStyle = css(palette.blue);
  context.lineWidth = 1.5;
  context.stroke();
}
