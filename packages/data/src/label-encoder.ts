import { ArgumentError, want, withDefaults } from "@myelin/tensor";
import { byTypeAndSize } from "./by-type-and-size.js";
import { isList, type RowArray } from "./rows.js";
import { configured, type Transform } from "./transform.js";

export type LabelEncoderOptions<Label extends string | number = string> = {
  /** The classes in order of their indices: texts, or numbers that are not the indices themselves. */
  readonly labels: readonly Label[];
};

/** Class names to class indices, [rows], and back. */
export type LabelEncoder<Label extends string | number = string> = Transform<
  ArrayLike<Label>,
  RowArray<Int32Array>,
  Label[]
>;

/** Turns class names into indices. `fit` does so by itself for targets that are strings. Throws `ArgumentError` for others. */
export function labelEncoder(options: LabelEncoderOptions): LabelEncoder;
export function labelEncoder(options: LabelEncoderOptions<number>): LabelEncoder<number>;
export function labelEncoder(
  options: LabelEncoderOptions | LabelEncoderOptions<number>,
): LabelEncoder | LabelEncoder<number> {
  const { labels } = withDefaults("labelEncoder", options as LabelEncoderOptions, {
    labels: undefined,
    ...configured,
  });
  want(Array.isArray(labels), "labelEncoder", "labels in an array", labels);
  wantLabels("labelEncoder", labels);
  const indices = new Map(labels.map((label, index) => [label, index]));
  if (indices.size < labels.length) throw new ArgumentError("labelEncoder", "each label once", labels);
  const encoder: LabelEncoder = {
    config: { kind: "labelEncoder", labels },
    transform(names) {
      want(isList(names), "labelEncoder.transform", "class names in an array", names);
      const data = Int32Array.from(names, (name, row) => {
        const index = indices.get(name);
        if (index !== undefined) return index;
        throw new ArgumentError("labelEncoder.transform", `one of ${labels.join(", ")} in row ${row}`, name);
      });
      return { data, shape: [data.length] };
    },
    inverse(prepared) {
      const { data } = Object(prepared) as Partial<RowArray<Int32Array>>;
      want(isList(data), "labelEncoder.inverse", "indices { data, shape }", prepared);
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
  return encoder;
}

/** Learns a `labelEncoder`: the distinct names, texts in order of their code units and numbers of their size. */
export function fitLabelEncoder(names: readonly string[]): LabelEncoder;
export function fitLabelEncoder(names: ArrayLike<number>): LabelEncoder<number>;
export function fitLabelEncoder(
  names: readonly string[] | ArrayLike<number>,
): LabelEncoder | LabelEncoder<number> {
  want(isList(names), "fitLabelEncoder", "class names in an array", names);
  wantLabels("fitLabelEncoder", names);
  const labels = [...new Set(Array.from<string | number>(names))].sort(byTypeAndSize);
  return labelEncoder({ labels: labels as readonly string[] });
}

/** Refuses what is missing (null, NaN), and 1 beside "1", which people cannot tell apart. */
function wantLabels(operation: string, labels: ArrayLike<unknown>): void {
  const kind = typeof labels[0] === "number" ? "number" : "string";
  const isLabel = (label: unknown) => typeof label === kind && (kind === "string" || Number.isFinite(label));
  const wrong = Array.from(labels).findIndex((label) => !isLabel(label));
  const wanted = kind === "string" ? "a text" : "a finite number";
  want(
    wrong < 0,
    operation,
    `${wanted} as label ${wrong}`,
    labels[wrong],
    "Leave out or fill in what is missing.",
  );
}
