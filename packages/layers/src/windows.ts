import {
  ArgumentError,
  pad,
  type Shape,
  ShapeError,
  slidingWindow,
  type Tensor,
  wantCount,
} from "@myelin/tensor";

/** One number for height and width, or both. */
export type Size = number | readonly [height: number, width: number];

/**
 * "valid": windows lie inside the image. "same": the image is padded so that there are ceil(extent / stride) windows; when
 * the padding cannot be the same on both sides, the end gets more (Keras, TensorFlow).
 */
export type Padding = "valid" | "same";

/** A window that slides over the two spatial axes of [rows, height, width, channels]. */
export interface SpatialWindow {
  readonly operation: string;
  readonly size: Pair;
  readonly strides: Pair;
  readonly dilation: Pair;
  readonly padding: Padding;
}

type Pair = readonly [number, number];

export function pairOf(operation: string, what: string, size: Size): Pair {
  const pair: readonly unknown[] = typeof size === "number" ? [size, size] : size;
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new ArgumentError(operation, `one number or [height, width] as ${what}`, size);
  }
  for (const extent of pair) wantCount(operation, what, extent);
  return [pair[0] as number, pair[1] as number];
}

export function wantPadding(operation: string, padding: unknown): void {
  if (padding !== "valid" && padding !== "same") {
    throw new ArgumentError(operation, 'padding "valid" or "same"', padding);
  }
}

/** Refuses features that are no image or too small, in the words of `WindowShape`. */
export function wantImage(window: SpatialWindow, features: Shape): void {
  const refuse = (expected: string, hint: string): never => {
    throw new ShapeError({
      operation: window.operation,
      expected,
      received: [features],
      hint,
    });
  };
  if (features.length !== 3) {
    refuse("[height, width, channels]", "Put unflatten([height, width, channels]) in front of it.");
  }
  const [height, width] = window.size;
  const fits = window.size.every((size, axis) => {
    const covered = (window.dilation[axis] as number) * (size - 1) + 1;
    return window.padding === "same" || covered <= (features[axis] as number);
  });
  if (!fits) {
    refuse(
      `height and width that hold a window of ${height} x ${width}`,
      'Use a smaller window or padding "same".',
    );
  }
}

/** Cells added before and after one axis. */
export interface Margin {
  readonly low: number;
  readonly high: number;
}

export function marginsOf(
  { size, strides, dilation, padding }: SpatialWindow,
  features: Shape,
): [Margin, Margin] {
  const margin = (axis: 0 | 1): Margin => {
    if (padding === "valid") return { low: 0, high: 0 };
    const extent = features[axis] as number;
    const covered = dilation[axis] * (size[axis] - 1) + 1;
    const positions = Math.ceil(extent / strides[axis]);
    const total = Math.max(0, (positions - 1) * strides[axis] + covered - extent);
    return { low: Math.floor(total / 2), high: Math.ceil(total / 2) };
  };
  return [margin(0), margin(1)];
}

/** [rows, height, width, channels] -> [rows, positions, positions, channels, window height, window width]; a view. */
export function windowsOf(image: Tensor, { size, strides, dilation }: SpatialWindow): Tensor {
  return slidingWindow(image, [
    { axis: 1, size: size[0], stride: strides[0], dilation: dilation[0] },
    { axis: 2, size: size[1], stride: strides[1], dilation: dilation[1] },
  ]);
}

/** The image with its margins filled with `value`. */
export function padImage(
  image: Tensor,
  [vertical, horizontal]: readonly [Margin, Margin],
  value: number,
): Tensor {
  return pad(image, [0, vertical.low, horizontal.low, 0], [0, vertical.high, horizontal.high, 0], { value });
}
