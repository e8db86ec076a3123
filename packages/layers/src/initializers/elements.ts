import { type Shape, sizeOf } from "@myelin/tensor";

/** Float32 values from a function of the element's index. */
export function elements(shape: Shape, value: (element: number) => number): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  for (let element = 0; element < values.length; element++) values[element] = value(element);
  return values;
}
