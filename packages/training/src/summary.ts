import { formatShape, type Network, sizeOf } from "@myelin/tensor";
import type { Layout, Place } from "./network.js";

/** One line per layer: name, shape of a row after it, number of parameters; then the sums. */
export function summarize({ inputShape, children }: Network, { places }: Layout): string {
  const count = (chosen: (place: Place) => boolean) =>
    places.filter(chosen).reduce((sum, { spec }) => sum + sizeOf(spec.shape), 0);
  const rows: [layer: string, output: string, parameters: string][] = [
    ["layer", "output", "parameters"],
    ["input", formatShape(inputShape), "0"],
    ...children.map(({ name, outputShape }): [string, string, string] => {
      const parameters = count(({ path }) => path.startsWith(`${name}/`));
      return [name, formatShape(outputShape), `${parameters}`];
    }),
  ];
  const widthOf = (column: 0 | 1 | 2) => Math.max(...rows.map((cells) => cells[column].length));
  const lines = rows.map(([layer, output, parameters]) =>
    [layer.padEnd(widthOf(0)), output.padEnd(widthOf(1)), parameters.padStart(widthOf(2))].join("  "),
  );
  const all = count(() => true);
  return [...lines, `${all} parameters, ${count(({ trained }) => trained)} of them trained`].join("\n");
}
