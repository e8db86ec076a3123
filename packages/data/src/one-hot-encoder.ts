import { ArgumentError, want, withDefaults } from "@myelin/tensor";
import { byTypeAndSize } from "./by-type-and-size.js";
import { countRows, isList, isRowArray, type RowArray } from "./rows.js";
import { configured, type Transform } from "./transform.js";

/** A value of a category; null where it is missing. */
export type Category = string | number | boolean | null;

export type OneHotEncoderOptions = {
  /** Each becomes a column. */
  readonly categories: readonly Category[];
  /** What other values become: an `ArgumentError`, or a row of zeros. Default "error". */
  readonly unknown?: "error" | "zeros" | undefined;
};

/** Categories to rows of one 1 among zeros, [rows, categories], and back: the greatest number wins, all zeros are null. */
export type OneHotEncoder = Transform<ArrayLike<Category>, RowArray<Float32Array>, Category[]>;

/** Turns categories, which have no order, into a column each. */
export function oneHotEncoder(options: OneHotEncoderOptions): OneHotEncoder {
  const { categories, unknown } = withDefaults("oneHotEncoder", options, {
    categories: undefined,
    unknown: "error",
    ...configured,
  });
  if (!Array.isArray(categories))
    throw new ArgumentError("oneHotEncoder", "categories in an array", categories);
  const isKnown = unknown === "error" || unknown === "zeros";
  want(isKnown, "oneHotEncoder", 'unknown: "error" or "zeros"', unknown);
  const columns = new Map(categories.map((category, index) => [category, index]));
  if (columns.size < categories.length)
    throw new ArgumentError("oneHotEncoder", "each category once", categories);
  const width = categories.length;
  return {
    config: { kind: "oneHotEncoder", categories, unknown },
    transform(values) {
      want(isList(values), "oneHotEncoder.transform", "values in an array", values);
      const data = new Float32Array(values.length * width);
      for (let row = 0; row < values.length; row++) {
        const value = values[row];
        const index = columns.get(categoryOf(value));
        if (index !== undefined) data[row * width + index] = 1;
        else if (unknown === "error") {
          const expected = `one of ${categories.map(String).join(", ")} in row ${row}`;
          throw new ArgumentError("oneHotEncoder.transform", expected, value, 'Or set unknown: "zeros".');
        }
      }
      return { data, shape: [values.length, width] };
    },
    inverse(prepared) {
      want(isRowArray(prepared), "oneHotEncoder.inverse", "rows { data, shape }", prepared);
      const { data, shape } = prepared;
      countRows(prepared);
      want(shape[1] === width, "oneHotEncoder.inverse", `rows of ${width} numbers`, shape);
      return Array.from({ length: shape[0] as number }, (_, row) => {
        let best = 0;
        for (let i = 1; i < width; i++) {
          if ((data[row * width + i] as number) > (data[row * width + best] as number)) best = i;
        }
        return data[row * width + best] === 0 ? null : (categories[best] as Category);
      });
    },
  };
}

/**
 * Learns a `oneHotEncoder`: the distinct values that are not missing (null or NaN, as in `column(table, name).values`), in
 * order of type and size, whatever the order of rows.
 */
export function fitOneHotEncoder(
  values: ArrayLike<Category>,
  options: Pick<OneHotEncoderOptions, "unknown"> = {},
): OneHotEncoder {
  want(isList(values), "fitOneHotEncoder", "values in an array", values);
  const { unknown } = withDefaults("fitOneHotEncoder", options, { unknown: undefined });
  const categories = [...new Set(Array.from(values, categoryOf))].filter((value) => value !== null);
  return oneHotEncoder({ categories: categories.sort(byTypeAndSize), unknown });
}

/** A column of numbers has NaN where one of texts has null. */
function categoryOf(value: Category | undefined): Category {
  return value === undefined || Number.isNaN(value) ? null : value;
}
