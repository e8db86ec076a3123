import { formatShape, want } from "@myelin/tensor";
import type { FitOptions } from "./fit-options.js";
import type { Prepared } from "./prepare.js";

/**
 * The weight of every row from `sampleWeights` and `classWeights`; undefined when all count the same. `classes` is how many
 * there are; undefined where targets are numbers.
 */
export function rowWeights(
  { sampleWeights, classWeights }: Pick<FitOptions, "sampleWeights" | "classWeights">,
  { count, targets, targetShape, labels }: Prepared,
  classes: number | undefined,
): Float32Array | undefined {
  if (sampleWeights === undefined && classWeights === undefined) return undefined;
  const isList = sampleWeights === undefined || "length" in Object(sampleWeights);
  want(isList, "fit", "sampleWeights in an array", sampleWeights);
  const isRecord =
    classWeights === undefined || (Object(classWeights) === classWeights && Object.keys(classWeights).length);
  want(isRecord, "fit", "classWeights { class: weight } or [weight, ..], no name", classWeights);
  const given = sampleWeights?.length ?? count;
  want(given === count, "fit", `${count} sampleWeights`, given);
  const isPerClass = !classWeights || (classes && targets.length === count);
  const wanted = "one class per row of targets beside classWeights";
  want(isPerClass, "fit", wanted, `targets of shape ${formatShape(targetShape)}`, "Use sampleWeights.");
  const byClass =
    classWeights &&
    namesOf(classWeights, labels, classes as number).map((name) =>
      // A class may be called "constructor", which every object has.
      Object.hasOwn(classWeights, name) ? classWeights[name] : 1,
    );
  return new Float32Array(count).map((_, row) => {
    const own = sampleWeights ? (sampleWeights[row] as number) : 1;
    const ofClass = byClass ? (byClass[Math.round(targets[row] as number)] as number) : 1;
    for (const weight of [own, ofClass])
      want(Number.isFinite(weight) && weight >= 0, "fit", `a weight of at least 0 for row ${row}`, weight);
    return own * ofClass;
  });
}

/** Labels where all keys are labels, else indices: "1" may be both. Others would count for nothing. */
function namesOf(
  weights: Readonly<Record<string, number>>,
  labels: readonly string[] | undefined,
  classes: number,
): readonly string[] {
  const keys = Object.keys(weights);
  if (labels && keys.every((key) => labels.includes(key))) return labels;
  const indices = Array.from({ length: classes }, (_, index) => `${index}`);
  const unknown = keys.find((key) => !indices.includes(key));
  const wanted = labels?.join(", ") ?? `0 to ${classes - 1}`;
  want(unknown === undefined, "fit", `classWeights for the classes ${wanted}`, unknown);
  return indices;
}
