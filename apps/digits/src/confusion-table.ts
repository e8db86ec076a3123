import type { Verdict } from "./verdicts.js";

/** counts[truth][predicted]. */
export function countConfusions(verdicts: readonly Verdict[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const { truth, predicted } of verdicts)
    (counts[truth] as number[])[predicted] = (counts[truth]?.[predicted] ?? 0) + 1;
  return counts;
}

/** A line per true class and a column per predicted one; zeros are dots; the last column is the share that was right. */
export function confusionTable(counts: readonly (readonly number[])[]): string[] {
  const width = Math.max(4, ...counts.flat().map((count) => `${count}`.length)) + 1;
  const header = counts.map((_, predicted) => `${predicted}`.padStart(width)).join("");
  const lines = counts.map((row, truth) => {
    const cells = row.map((count) => (count === 0 ? "·" : `${count}`).padStart(width)).join("");
    const total = row.reduce((sum, count) => sum + count, 0);
    const right = total === 0 ? "-" : `${(((row[truth] as number) / total) * 100).toFixed(1)} %`;
    return `${`${truth}`.padStart(5)} │${cells} │${right.padStart(8)}`;
  });
  return [
    `${" ".repeat(6)}│${header} │   right`,
    `${"─".repeat(6)}┼${"─".repeat(header.length + 1)}┼${"─".repeat(8)}`,
    ...lines,
  ];
}
