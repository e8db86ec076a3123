import * as activations from "@myelin/activations";
import * as layers from "@myelin/layers";
import { layerFromConfig, outputShape } from "@myelin/layers";
import {
  add,
  gradient,
  type Initializer,
  interpretGraph,
  type Layer,
  mean,
  multiply,
  normal,
  type Shape,
  sizeOf,
  sum,
  type Tensor,
  tensor,
  type Values,
} from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { type LayerCase, layerCases } from "./layer-cases.js";
import { type LayerTrace, randomValues, traceLayer, valuesFor } from "./layer-trace.js";
import { defineStep, distance, runStep } from "./run-step.js";

/** Exports of the package that are no layers. A new export belongs here or among the cases. */
const notLayers = [
  "defineLayer",
  "initializers",
  "layerFromConfig",
  "outputShape",
  "ownParameter",
  "regularizers",
];

describe("exports", () => {
  it("are layers with cases, or known to be none", () => {
    expect(Object.keys(layers).sort()).toEqual([...Object.keys(layerCases), ...notLayers].sort());
  });

  it("have names that tell kinds apart, whatever the namespace", () => {
    const names = [layers, activations, layers.initializers, layers.regularizers].flatMap((kinds) =>
      Object.keys(kinds),
    );
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

for (const [kind, cases] of Object.entries(layerCases)) {
  for (const layerCase of cases) describe(`${kind}, ${layerCase.what}`, () => prove(kind, layerCase));
}

/** Features minus their running mean, as a layer of somebody's own. */
function centered(options: layers.LayerOptions = {}): Layer {
  return layers.defineLayer({
    kind: "centered",
    options,
    parameters: (shape) => ({ mean: { shape, initializer: layers.initializers.zeros, trainable: false } }),
    forward: (context) => {
      const running = layers.ownParameter(context, "mean");
      if (!context.training || context.frozen) return context.input.subtract(running);
      const center = mean(context.input, 0);
      context.update("mean", add(multiply(running, 0.9), multiply(center, 0.1)));
      return context.input.subtract(center);
    },
  });
}

describe("a layer with state", () =>
  prove("centered", {
    what: "a running mean",
    make: centered,
    input: [3],
    output: [3],
    parameters: { mean: [3] },
    state: ["mean"],
  }));

function prove(
  kind: string,
  { make, input, output, parameters = {}, random = false, state = [], penalties = 0 }: LayerCase,
): void {
  const layer = make({});

  it("has the shapes and names it should have", () => {
    const trace = traceLayer(layer, input, false);
    expect(layer.config.kind).toBe(kind);
    expect(outputShape(layer, input)).toEqual(output);
    expect(Object.fromEntries([...trace.specs].map(([path, { shape }]) => [path, shape]))).toEqual(
      parameters,
    );
    for (const rows of [1, 4])
      expect(traceLayer(layer, input, true, rows).output.shape).toEqual([rows, ...output]);
  });

  it("initializes its parameters with finite numbers", () => {
    for (const [path, { shape, initializer }] of traceLayer(layer, input, false).specs) {
      const values = initializer.generate(shape, { seed: 1, stream: 2 });
      expect(values, path).toHaveLength(sizeOf(shape));
      expect(values.every(Number.isFinite), path).toBe(true);
    }
  });

  for (const training of [false, true]) {
    it(`has the gradients of finite differences ${training ? "while training" : "otherwise"}`, () => {
      checkGradients(traceLayer(layer, input, training));
    });
  }

  it("computes the same on the engine", () => {
    const trace = traceLayer(layer, input, true);
    const { loss, leaves } = lossOf(trace);
    const updates = [...trace.updates].map(([path, value]) => [`new ${path}`, value]);
    const outputs = { output: trace.output, ...gradient(loss, leaves), ...Object.fromEntries(updates) };
    const step = { name: kind, outputs, assignments: [] };
    const values = new Map([...randomValues(trace)].map(([leaf, exact]) => [leaf, Float32Array.from(exact)]));
    const expected = defineStep(step, values);
    const actual = runStep(step, values);
    for (const name of Object.keys(outputs)) {
      expect(distance(actual.outputs[name] ?? [], expected.outputs[name] ?? []), name).toBeLessThan(1e-5);
    }
  });

  it(`${random ? "differs" : "is the same"} while training, with ${penalties} penalties`, () => {
    const trained = traceLayer(layer, input, true);
    const evaluated = traceLayer(layer, input, false);
    const values = randomValues(trained);
    const [a] = evaluate([trained.output], values);
    const [b] = evaluate([evaluated.output], valuesFor(evaluated, trained, values));
    if (random) expect(a).not.toEqual(b);
    else if (state.length === 0) expect(a).toEqual(b);
    expect(trained.draws > 0).toBe(random);
    expect(evaluated.draws).toBe(0);
    expect(trained.penalties).toHaveLength(penalties);
    expect(evaluated.penalties).toHaveLength(0);
  });

  it(state.length === 0 ? "has no state" : `updates ${state.join(", ")} while training`, () => {
    const trained = traceLayer(layer, input, true);
    expect([...trained.updates.keys()].sort()).toEqual([...state].sort());
    for (const [path, { shape }] of trained.updates)
      expect(shape, path).toEqual(trained.specs.get(path)?.shape);
    expect([...traceLayer(layer, input, false).updates.keys()]).toEqual([]);
  });

  it("treats every row by itself", () => {
    const many = traceLayer(layer, input, false, 3);
    const one = traceLayer(layer, input, false, 1);
    const values = randomValues(many);
    const rows = values.get(many.input) as Float64Array;
    const alone = valuesFor(one, many, values);
    alone.set(one.input, rows.subarray(rows.length / 3, (2 * rows.length) / 3));
    const [all] = evaluate([many.output], values);
    const [second] = evaluate([one.output], alone);
    expect(all?.subarray(all.length / 3, (2 * all.length) / 3)).toEqual(second);
  });

  it("is rebuilt by its config", () => {
    for (const options of [{}, { name: "mine", trainable: false }]) {
      const original = make(options);
      const rebuilt = rebuild(original);
      expect(rebuilt.config).toEqual(original.config);
      expect([rebuilt.name, rebuilt.trainable]).toEqual([original.name, original.trainable]);
      const a = traceLayer(original, input, true);
      const b = traceLayer(rebuilt, input, true);
      const values = randomValues(a);
      const everything = ({ output, penalties, updates }: LayerTrace) => [
        output,
        ...penalties,
        ...updates.values(),
      ];
      expect(evaluate(everything(b), valuesFor(b, a, values))).toEqual(evaluate(everything(a), values));
      const initial = ({ specs }: LayerTrace) =>
        [...specs.values()].map(({ shape, initializer }) =>
          initializer.generate(shape, { seed: 1, stream: 2 }),
        );
      expect(initial(b)).toEqual(initial(a));
    }
  });

  it("can be named and frozen", () => {
    const mine = make({ name: "mine", trainable: false });
    expect(mine.name).toBe("mine");
    const frozen = traceLayer(mine, input, true);
    expect([...frozen.specs.values()].filter(({ trainable }) => trainable !== false)).toEqual([]);
    expect(frozen.penalties).toEqual([]);
    expect([...frozen.updates.keys()]).toEqual([]);
    const free = traceLayer(make({}), input, true);
    const fixed = [...free.specs].filter(([, { trainable }]) => trainable === false);
    expect(fixed.map(([path]) => path).sort()).toEqual([...state].sort());
  });

  it("keeps its state in a frozen network, and does what it does outside of training", () => {
    const network = layers.sequential({ inputShape: input, trainable: false }, make({ name: "mine" }));
    const trained = traceLayer(network, input, true);
    expect([...trained.updates.keys()]).toEqual([]);
    expect(trained.penalties).toEqual([]);
    if (random) return;
    const evaluated = traceLayer(network, input, false);
    const values = randomValues(trained);
    const everywhere = evaluate([evaluated.output], valuesFor(evaluated, trained, values));
    expect(evaluate([trained.output], values)).toEqual(everywhere);
  });

  it("is named by its kind in a network, unless it has a name", () => {
    const { children } = layers.sequential(input, make({}));
    expect(children[0]?.name).toBe(`${kind}_1`);
    expect(layers.sequential(input, make({ name: "mine" })).children[0]?.name).toBe("mine");
  });
}

describe("initializers and regularizers", () => {
  const { constant, normal: normally, truncatedNormal, uniform, ...values } = layers.initializers;
  const samples: Readonly<Record<string, Initializer>> = {
    ...values,
    constant: constant(0.3),
    normal: normally({ mean: 1, standardDeviation: 2 }),
    truncatedNormal: truncatedNormal({ mean: 1, standardDeviation: 2 }),
    uniform: uniform({ low: 1, high: 2 }),
  };

  for (const [name, kernelInitializer] of Object.entries(samples)) {
    it(`${name} is rebuilt by its config`, () => {
      expect(kernelInitializer.config.kind).toBe(name);
      const specs = rebuild(layers.dense(4, { kernelInitializer })).parameters([5]);
      const rebuilt = specs.kernel as { readonly initializer: Initializer };
      const key = { seed: 1, stream: 2 };
      expect(rebuilt.initializer.generate([5, 4], key)).toEqual(kernelInitializer.generate([5, 4], key));
    });
  }

  const { l1, l2, l1l2 } = layers.regularizers;
  const penalties: Readonly<Record<string, layers.Regularizer>> = {
    l1: l1(0.1),
    l2: l2(0.2),
    l1l2: l1l2({ l1: 0.3, l2: 0.4 }),
  };
  it("have all samples", () => {
    expect(Object.keys(penalties).sort()).toEqual(Object.keys(layers.regularizers).sort());
    expect(Object.keys(samples).sort()).toEqual(Object.keys(layers.initializers).sort());
  });

  for (const [name, kernelRegularizer] of Object.entries(penalties)) {
    it(`${name} is rebuilt by its config`, () => {
      expect(kernelRegularizer.config.kind).toBe(name);
      const rebuilt = traceLayer(rebuild(layers.dense(2, { kernelRegularizer })), [2], true);
      const kernel = rebuilt.parameters.get("kernel") as Tensor;
      const weights = new Map([[kernel, [1, -2, 0, 3]]]);
      expect(evaluate(rebuilt.penalties, weights)).toEqual(
        evaluate([kernelRegularizer.penalty(kernel)], weights),
      );
    });
  }
});

function rebuild(layer: Layer): Layer {
  return layerFromConfig(JSON.parse(JSON.stringify(layer.config)), {
    layers: { ...layers, centered },
    activations,
  });
}

function evaluate(outputs: readonly Tensor[], values: ReadonlyMap<Tensor, Values>): Float64Array[] {
  return interpretGraph(outputs, { precision: "f64", values });
}

/** The output under a random cotangent, with the penalties, and everything that has a gradient. */
function lossOf({ input, output, parameters, penalties }: LayerTrace): {
  loss: Tensor;
  leaves: Readonly<Record<string, Tensor>>;
} {
  const numbers = Float32Array.from({ length: sizeOf(output.shape) }, (_, element) => normal(9, 9, element));
  const cotangent = tensor(numbers, output.shape as Shape);
  const loss = penalties.reduce((total, penalty) => add(total, penalty), sum(multiply(output, cotangent)));
  return { loss, leaves: { input, ...Object.fromEntries(parameters) } };
}

function checkGradients(trace: LayerTrace): void {
  const { loss, leaves } = lossOf(trace);
  const values = randomValues(trace);
  const analytic = evaluate(Object.values(gradient(loss, leaves)), values);
  Object.entries(leaves).forEach(([name, leaf], index) => {
    const numbers = values.get(leaf) as Float64Array;
    numbers.forEach((original, element) => {
      const [above, below] = [1e-5, -1e-5].map((step) => {
        numbers[element] = original + step;
        return evaluate([loss], values)[0]?.[0] as number;
      }) as [number, number];
      numbers[element] = original;
      expect(analytic[index]?.[element], `${name}[${element}]`).toBeCloseTo((above - below) / 2e-5, 6);
    });
  });
}
