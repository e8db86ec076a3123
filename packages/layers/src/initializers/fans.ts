import { type Shape, sizeOf } from "@myelin/tensor";

/**
 * How many numbers go into and come out of one unit of a kernel [..spatial, in, out]: in * cells and out * cells, where
 * cells is the size of the receptive field. A vector has as many of both as elements.
 */
export function fansOf(shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  const cells = sizeOf(shape.slice(0, -2));
  const out = shape.at(-1) ?? 1;
  const into = shape.at(-2) ?? out;
  return { fanIn: Math.max(1, into * cells), fanOut: Math.max(1, out * cells) };
}
