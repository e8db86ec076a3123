import {
  type Config,
  type Json,
  type Layer,
  type LayerContext,
  mapParameterSpecs,
  type ParameterSpecs,
  type Shape,
  type ShapeFunction,
  type Tensor,
  want,
} from "@myelin/tensor";
import { wantLayerOptions } from "./arguments.js";
import { jsonOf } from "./json-of.js";

/** What every layer may be told, as members of its last argument. */
export interface LayerOptions {
  /** Name within its container, part of the names of its parameters. Default: the kind and a number ("dense_1"). */
  readonly name?: string | undefined;
  /** False freezes all parameters: they are saved, but no step changes them. Default true. */
  readonly trainable?: boolean | undefined;
}

/** `LayerOptions` for `withDefaults`. */
export const layerDefaults = { name: undefined, trainable: undefined } as const;

export interface LayerDefinition {
  /** The name under which the factory is exported; a saved model finds it by this name. */
  readonly kind: string;
  /** The positional arguments of the call that makes this layer. Default: none. */
  readonly arguments?: readonly unknown[] | undefined;
  /** Its last argument with all defaults filled in, so that a saved model does not depend on them. */
  readonly options?: LayerOptions | { readonly [option: string]: unknown } | undefined;
  /** What the layer learns or keeps, for one shape of features. Throws `ShapeError` for a shape it cannot take. Default: nothing. */
  parameters?(inputShape: Shape): ParameterSpecs;
  /** [rows, ...features] in, [rows, ...] out. */
  forward(context: LayerContext): Tensor;
}

/**
 * Makes a layer value from its two functions; names, freezing and the config that rebuilds it follow. `F` tells the type
 * system what the layer does to shapes (`SameShape`, or an interface of your own that extends `ShapeFunction`).
 *
 *     export function scale(options: LayerOptions = {}): Layer<SameShape> {
 *       return defineLayer<SameShape>({
 *         kind: "scale",
 *         options,
 *         parameters: (shape) => ({ factor: { shape, initializer: initializers.ones } }),
 *         forward: (context) => context.input.multiply(ownParameter(context, "factor")),
 *       });
 *     }
 */
export function defineLayer<F extends ShapeFunction = ShapeFunction>(definition: LayerDefinition): Layer<F> {
  want(definition, "defineLayer", "a definition", definition);
  const { kind, arguments: positional = [], options = {}, parameters, forward } = definition;
  const { name, trainable } = options as LayerOptions;
  wantLayerOptions(kind, name, trainable);
  // The call that makes the layer, as data.
  const all = jsonOf([...positional, options], kind) as Json[];
  if (Object.keys(all.at(-1) as object).length === 0) all.pop();
  const config: Config = all.length ? { kind, arguments: all } : { kind };
  return {
    config,
    name,
    trainable,
    parameters: (inputShape) => frozenUnless(trainable, parameters?.(inputShape) ?? {}),
    // Where somebody left it out, `sequential` says so.
    forward: forward && ((context) => forward(contextFor(trainable, context))),
  };
}

/** A layer that is not trained keeps its state, and costs nothing, because nothing could lower the cost. */
export function contextFor(trainable: boolean | undefined, context: LayerContext): LayerContext {
  return trainable === false ? { ...context, frozen: true, update() {}, addPenalty() {} } : context;
}

/** The same parameters, none of which is trained when `trainable` is false. */
export function frozenUnless(trainable: boolean | undefined, specs: ParameterSpecs): ParameterSpecs {
  if (trainable !== false) return specs;
  return mapParameterSpecs(specs, (spec) => ({ ...spec, trainable: false })) as ParameterSpecs;
}

/** The tensor of a parameter that the layer declared under this name. */
export function ownParameter({ parameters }: Pick<LayerContext, "parameters">, name: string): Tensor {
  const found = parameters[name];
  want(found, "ownParameter", "the name of a parameter", name);
  return found as Tensor;
}
