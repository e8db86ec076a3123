/** Extents of a tensor, outermost axis first. A literal tuple is checked by the compiler; `number[]` flows through. */
export type Shape = readonly number[];

/** Element types: f32 for everything differentiable, i32 for indices and counters, u8 stored data, bool results of comparisons. */
export type DType = "f32" | "i32" | "u8" | "bool";

/** Number of elements; 1 for a scalar (shape []). */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** Whether two lists have the same members, one by one. */
export function sameShape(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** NumPy's broadcasting rule: align at the last axis; extents must be equal or 1. Undefined when they do not fit. */
export function broadcastShapes(a: Shape, b: Shape): number[] | undefined {
  if (a.length < b.length) return broadcastShapes(b, a);
  const other = (axis: number) => b[axis - a.length + b.length] ?? 1;
  return a.every((extent, axis) => extent === 1 || other(axis) === 1 || extent === other(axis))
    ? a.map((extent, axis) => (extent === 1 ? other(axis) : extent))
    : undefined;
}

/** The extents of some axes, in the order in which the axes are named. */
export function extentsOf(shape: Shape, axes: readonly number[]): number[] {
  return axes.map((axis) => shape[axis] as number);
}

/** With extent 1 on these axes: what is left of them when they are reduced and kept. */
export function withUnits(shape: Shape, axes: readonly number[]): number[] {
  return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
}

/** A list as people write it. */
export function formatShape(shape: readonly unknown[]): string {
  return `[${shape.join(", ")}]`;
}
