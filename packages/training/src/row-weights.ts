import { want } from "./arguments.js";
import type { FitOptions } from "./fit-options.js";
import type { Prepared } from "./prepare.js";

/**
 * The weight of every row from `sampleWeights` and `classWeights`; undefined when all count the same. `classes` is how many
 * there are where targets are class indices.
 */
export function rowWeights(
  { sampleWeights, classWeights }: Pick<FitOptions, "sampleWeights" | "classWeights">,
  { count, targets, indices, labels }: Prepared,
  classes: number,
): Float32Array | undefined {
  if (sampleWeights === undefined && classWeights === undefined) return undefined;
  const isList = sampleWeights === undefined || "length" in Object(sampleWeights);
  want(isList, "fit", "sampleWeights in an array", sampleWeights);
  const given = sampleWeights?.length ?? count;
  want(given === count, "fit", `${count} sampleWeights`, given);
  const isPerClass = classWeights === undefined || targets.length === count;
  const wanted = "one class index, label, 0 or 1 per row as targets beside classWeights";
  want(isPerClass, "fit", wanted, `${targets.length / count} numbers per row`);
  const names = classWeights && namesOf(classWeights, labels, indices ? classes : undefined);
  // A class may be called "constructor", which every object has.
  const weightOf = (name: string) =>
    Object.hasOwn(classWeights ?? {}, name) ? (classWeights?.[name] as number) : 1;
  return Float32Array.from({ length: count }, (_, row) => {
    const index = targets[row] as number;
    const weight = (sampleWeights?.[row] ?? 1) * weightOf(names?.[index] ?? `${index}`);
    want(Number.isFinite(weight) && weight >= 0, "fit", `a weight of at least 0 for row ${row}`, weight);
    return weight;
  });
}

/** Labels where all keys are labels, else indices, if it is known which there are: "1" may be both. Others would count for nothing. */
function namesOf(
  weights: Readonly<Record<string, number>>,
  labels: readonly string[] | undefined,
  classes: number | undefined,
): readonly string[] | undefined {
  const keys = Object.keys(weights);
  if (labels !== undefined && keys.every((key) => labels.includes(key))) return labels;
  const known = labels?.length ?? classes;
  if (known === undefined) return undefined;
  const indices = Array.from({ length: known }, (_, index) => `${index}`);
  const unknown = keys.find((key) => !indices.includes(key));
  const wanted = labels?.join(", ") ?? `0 to ${known - 1}`;
  want(unknown === undefined, "fit", `classWeights for the classes ${wanted}`, unknown);
  return indices;
}
