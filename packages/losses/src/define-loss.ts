import { configOf, type Json, type Loss, type Tensor, want } from "@myelin/tensor";

export interface LossDefinition {
  /** The name of the export; a saved model finds the loss by it. */
  readonly name: string;
  /** What the factory was called with, defaults filled in. Default: none. */
  readonly options?: Readonly<Record<string, Json>> | undefined;
  /** One value per row, [rows]. `alignTargets` and `meanPerRow` help with shapes. The gradient follows from it. */
  perRow(predictions: Tensor, targets: Tensor): Tensor;
  /** From what the network outputs to what people read. Default: the identity. */
  readonly link?: Loss["link"] | undefined;
  /** Default: "values". */
  readonly targets?: Loss["targets"] | undefined;
}

/**
 * Makes a loss value; the gradient, weights and reductions, saving by name and the conformance tests follow. Throws
 * `ArgumentError` for an option that is not a finite number.
 *
 *     export const meanFourthPower: Loss = defineLoss({
 *       name: "meanFourthPower",
 *       perRow: (predictions, targets) => {
 *         const error = predictions.subtract(alignTargets("meanFourthPower", predictions, targets));
 *         return meanPerRow(error.square().square());
 *       },
 *     });
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineLoss(definition: LossDefinition): Loss {
  want(definition, "defineLoss", "a definition", definition);
  const { name, options, perRow, link = same, targets = "values" } = definition;
  return { name, config: configOf(name, options), perRow, link, targets };
}

/** One function for all losses: who asks for its results again finds the program that was compiled for it. */
const same: Loss["link"] = (predictions) => predictions;
