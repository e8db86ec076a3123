import { type Activation, configOf, type Json, type Tensor, want } from "@myelin/tensor";

export interface ActivationDefinition {
  /** The name of the export; a saved model finds the activation by it. */
  readonly name: string;
  /** What the factory was called with, defaults filled in, so that a saved model does not depend on them. Default: none. */
  readonly options?: Readonly<Record<string, Json>> | undefined;
  /** Shape in = shape out. The gradient follows from it. */
  forward(z: Tensor): Tensor;
  /** The same on one number in f64, for tests. Leave it out where an element depends on others (softmax). */
  readonly reference?: ((z: number) => number) | undefined;
  /** Where the derivative jumps. Default: nowhere. */
  readonly kinks?: readonly number[] | undefined;
  readonly range: readonly [low: number, high: number];
}

/**
 * Makes an activation value: what it computes is all there is to write; the gradient, the compiled code, saving by name and
 * the conformance tests follow. Throws `ArgumentError` for an option that is not a finite number.
 *
 *     export const cube: Activation = defineActivation({
 *       name: "cube",
 *       forward: (z) => z.multiply(z.square()),
 *       reference: (z) => z * z * z,
 *       range: [-Infinity, Infinity],
 *     });
 */
/* @__NO_SIDE_EFFECTS__ */
export function defineActivation(definition: ActivationDefinition): Activation {
  want(definition, "defineActivation", "a definition", definition);
  const { options, kinks = [], ...members } = definition;
  return { ...members, kinks, config: configOf(members.name, options) };
}
