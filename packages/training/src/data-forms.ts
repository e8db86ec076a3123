import type { NestedInput, Shape } from "@myelin/tensor";
import type { AnyRecord, Records, RowRecord } from "./records.js";

export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/**
 * Flat numbers in row-major order and the shape they stand for, rows first. Two lists of one length whose shape does not fit
 * are records: a column called "data" and one called "shape".
 */
export interface ShapedNumbers {
  readonly data: NumericArray | readonly number[];
  readonly shape: Shape;
}

/**
 * Rows of numbers: nested arrays, a flat typed array whose length fits, flat data with a shape, or records: a list of rows by
 * name, or one list (or typed array) per column. The names of the first records are kept in the model; later ones may come in any order.
 */
export type Numbers =
  | NestedInput
  | NumericArray
  | ShapedNumbers
  | Records
  | RowRecord
  | AnyRecord
  | readonly AnyRecord[];

/** Rows to learn from. Targets are numbers, class indices, rows with a number per class, or strings. */
export interface DataSet {
  readonly inputs: Numbers;
  readonly targets: Numbers | readonly string[];
}

/** A number, or a table such as a confusion matrix. */
export type MetricValue = number | readonly (readonly number[])[];

/** What `evaluate` returns: the loss and each metric by its name. */
export interface Scores {
  readonly loss: number;
  readonly [metric: string]: MetricValue;
}
