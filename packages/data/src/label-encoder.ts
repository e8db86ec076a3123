import { ArgumentError, withDefaults } from "@myelin/tensor";
import type { RowArray } from "./rows.js";
import { configured, type Transform } from "./transform.js";

export type LabelEncoderOptions = {
  /** The classes in order of their indices. */
  readonly labels: readonly string[];
};

/** Class names to class indices, [rows], and back. */
export type LabelEncoder = Transform<readonly string[], RowArray<Int32Array>, string[]>;

/** Turns class names into indices. `fit` does so by itself for targets that are strings. Throws `ArgumentError` for others. */
export function labelEncoder(options: LabelEncoderOptions): LabelEncoder {
  const { labels } = withDefaults("labelEncoder", options, { labels: undefined, ...configured });
  if (!Array.isArray(labels)) throw new ArgumentError("labelEncoder", "labels in an array", labels);
  const indices = new Map(labels.map((label, index) => [label, index]));
  if (indices.size < labels.length) throw new ArgumentError("labelEncoder", "each label once", labels);
  return {
    config: { kind: "labelEncoder", labels },
    transform(names) {
      const data = Int32Array.from(names, (name, row) => {
        const index = indices.get(name);
        if (index !== undefined) return index;
        throw new ArgumentError("labelEncoder.transform", `one of ${labels.join(", ")} in row ${row}`, name);
      });
      return { data, shape: [data.length] };
    },
    inverse({ data }) {
      return Array.from(data, (index, row) => {
        const label = labels[index];
        if (label !== undefined) return label;
        throw new ArgumentError(
          "labelEncoder.inverse",
          `an index below ${labels.length} in row ${row}`,
          index,
        );
      });
    },
  };
}

/** Learns a `labelEncoder`: the distinct names in order of their code units, whatever the order of the rows. */
export function fitLabelEncoder(names: readonly string[]): LabelEncoder {
  if (!Array.isArray(names)) throw new ArgumentError("fitLabelEncoder", "class names in an array", names);
  return labelEncoder({ labels: [...new Set(names)].sort() });
}
