/** Extents of a tensor, outermost axis first. A literal tuple is checked by the compiler; `number[]` flows through. */
export type Shape = readonly number[];

/** Element types: f32 for everything differentiable, i32 for indices and counters, u8 stored data, bool results of comparisons. */
export type DType = "f32" | "i32" | "u8" | "bool";

/** Number of elements; 1 for a scalar (shape []). */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** NumPy's broadcasting rule: align at the last axis; extents must be equal or 1. Undefined when they do not fit. */
export function broadcastShapes(a: Shape, b: Shape): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let axis = 1; axis <= rank; axis++) {
    const left = a[a.length - axis] ?? 1;
    const right = b[b.length - axis] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    result[rank - axis] = left === 1 ? right : left;
  }
  return result;
}

/** The extents of some axes, in the order in which the axes are named. */
export function extentsOf(shape: Shape, axes: readonly number[]): number[] {
  return axes.map((axis) => shape[axis] as number);
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
