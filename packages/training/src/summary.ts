import { formatShape, type Network, type Shape, sizeOf } from "@myelin/tensor";
import type { Layout } from "./network.js";

/** One line per layer: name, shape of a row after it, number of parameters; then the sums. */
export function summarize({ inputShape, children }: Network, { places }: Layout): string {
  const count = (chosen: (place: Layout["places"][number]) => boolean) =>
    places.filter(chosen).reduce((sum, { spec }) => sum + sizeOf(spec.shape), 0);
  const row = (name: string, shape: Shape, parameters: number) => [name, formatShape(shape), `${parameters}`];
  const rows = [
    ["layer", "output", "parameters"],
    row("input", inputShape, 0),
    ...children.map(({ name, outputShape }) =>
      row(
        name,
        outputShape,
        count(({ path }) => path.startsWith(`${name}/`)),
      ),
    ),
  ];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((cells) => (cells[column] as string).length)),
  );
  const lines = rows.map((cells) => {
    const [name, shape, parameters] = cells as [string, string, string];
    const [first, second, third] = widths as [number, number, number];
    return `${name.padEnd(first)}  ${shape.padEnd(second)}  ${parameters.padStart(third)}`;
  });
  const all = count(() => true);
  return [...lines, `${all} parameters, ${count(({ trainable }) => trainable)} of them trained`].join("\n");
}
