import { formatShape, type Network, sizeOf } from "@myelin/tensor";
import type { Layout, Place } from "./network.js";

/** One line per layer: name, shape of a row after it, number of parameters; then the sums. */
export function summarize({ inputShape, children }: Network, { places }: Layout): string {
  const count = (chosen: (place: Place) => boolean) =>
    places.filter(chosen).reduce((sum, { spec }) => sum + sizeOf(spec.shape), 0);
  const rows: [layer: string, output: string, parameters: string][] = [
    ["layer", "output", "parameters"],
    ["input", formatShape(inputShape), "0"],
    ...children.map(({ name, outputShape }): [string, string, string] => [
      name,
      formatShape(outputShape),
      `${count(({ path }) => path.startsWith(`${name}/`))}`,
    ]),
  ];
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => {
        const width = Math.max(...rows.map((others) => (others[column] as string).length));
        return column < 2 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  "),
  );
  return [
    ...lines,
    `${count(() => true)} parameters, ${count(({ trained }) => trained)} of them trained`,
  ].join("\n");
}
