import * as activations from "@myelin/activations";
import * as layers from "@myelin/layers";
import { fromBytes, ModelFileError, toBytes } from "@myelin/serialization";
import {
  interpretGraph,
  type ModelState,
  type Network,
  parameterSpecEntries,
  sizeOf,
  streamOf,
} from "@myelin/tensor";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layerCases } from "./layer-cases.js";
import { traceLayer } from "./layer-trace.js";

const namespaces = { layers, activations };

/** A network with its initial parameters. */
function stateOf(network: Network): ModelState {
  const entries = parameterSpecEntries(network.parameters(network.inputShape));
  const tensors = Object.fromEntries(
    entries.map(([path, { shape, initializer }]) => [
      path,
      { shape, data: initializer.generate(shape, { seed: 1, stream: streamOf(path) }) },
    ]),
  );
  return { config: network.config, tensors };
}

function predict(network: Network, { tensors }: ModelState): Float64Array {
  const trace = traceLayer(network, network.inputShape, false, 2);
  const input = Float64Array.from({ length: sizeOf(trace.input.shape) }, (_, i) => (i % 7) - 3);
  const values = new Map([[trace.input, input]]);
  for (const [path, leaf] of trace.parameters) values.set(leaf, Float64Array.from(tensors[path]?.data ?? []));
  return interpretGraph([trace.output], { precision: "f64", values })[0] as Float64Array;
}

const networks = Object.entries(layerCases).flatMap(([kind, cases]) =>
  cases.map(({ what, make, input }) => ({
    name: `${kind}, ${what}`,
    network: layers.sequential(input, make({})) as Network,
  })),
);

describe("a network in a file", () => {
  for (const { name, network } of networks) {
    it(`computes what it computed before: ${name}`, () => {
      const state = stateOf(network);
      const loaded = fromBytes(toBytes(state), namespaces);
      expect(loaded.state).toEqual(state);
      expect(loaded.network.outputShape).toEqual(network.outputShape);
      expect(predict(loaded.network, loaded.state)).toEqual(predict(network, state));
    });
  }

  it("is whole or refused, however the file is damaged", () => {
    const files = networks.map(({ network }) => toBytes(stateOf(network)));
    const damage = fc.record({
      file: fc.constantFrom(...files),
      flips: fc.array(fc.record({ at: fc.nat(), value: fc.nat(255) }), { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(damage, ({ file, flips }) => {
        const damaged = file.slice();
        for (const { at, value } of flips) damaged[at % file.length] = value;
        try {
          const { network, state } = fromBytes(damaged, namespaces);
          const names = parameterSpecEntries(network.parameters(network.inputShape)).map(([path]) => path);
          expect(Object.keys(state.tensors)).toEqual(names);
        } catch (error) {
          if (!(error instanceof ModelFileError)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
