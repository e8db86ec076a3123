import { formatShape, type Network, sizeOf } from "@myelin/tensor";
import type { Layout, Place } from "./network.js";

/** One line per layer: name, shape of a row after it, number of parameters; then the sums. */
export function summarize({ inputShape, children }: Network, { places }: Layout): string {
  const count = (chosen: (place: Place) => boolean) =>
    places.filter(chosen).reduce((sum, { spec }) => sum + sizeOf(spec.shape), 0);
  const rows = [
    ["layer", "output", "parameters"],
    ["input", formatShape(inputShape), "0"],
    ...children.map(({ name, outputShape }) => {
      const parameters = count(({ path }) => path.startsWith(`${name}/`));
      return [name, formatShape(outputShape), `${parameters}`];
    }),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
  );
  const all = count(() => true);
  return [...lines, `${all} parameters, ${count(({ trained }) => trained)} of them trained`].join("\n");
}
