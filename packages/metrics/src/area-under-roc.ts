import { ArgumentError, type CollectingMetric } from "@myelin/tensor";

/**
 * Area under the ROC curve of a network with one output: the probability that a random "yes" row gets a larger output than a
 * random "no" row, ties counted half. Exact (by ranks, not by thresholds), so it needs all predictions at once and runs in
 * evaluation only. NaN unless both answers occur, and if an output is NaN. Hanley and McNeil 1982.
 */
export const areaUnderRoc: CollectingMetric = {
  name: "areaUnderRoc",
  config: { kind: "areaUnderRoc" },
  collect: true,
  compute: ({ probabilities, targets, rows }) => {
    if (probabilities.length !== rows || targets.length !== rows) {
      const width = probabilities.length / rows;
      throw new ArgumentError(
        "areaUnderRoc",
        "a network with one output and a target of 0 or 1 per row",
        `${width} outputs`,
      );
    }
    const at = (row: number) => probabilities[row] as number;
    if (Array.from(probabilities).some(Number.isNaN)) return Number.NaN;
    const order = Array.from({ length: rows }, (_, row) => row).sort((a, b) => at(a) - at(b));
    let ranks = 0;
    let yes = 0;
    for (let start = 0; start < rows; ) {
      let end = start + 1;
      while (end < rows && at(order[end] as number) === at(order[start] as number)) end++;
      // All of a group of ties get the mean of their ranks, which count from 1.
      const rank = (start + 1 + end) / 2;
      for (const row of order.slice(start, end)) {
        if ((targets[row] as number) <= 0.5) continue;
        ranks += rank;
        yes++;
      }
      start = end;
    }
    return (ranks - (yes * (yes + 1)) / 2) / (yes * (rows - yes));
  },
};
