import {
  ArgumentError,
  type Config,
  type Initializer,
  type ModelState,
  type Network,
  type ParameterSpecs,
} from "@myelin/tensor";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import {
  decodeSafetensors,
  encodeSafetensors,
  fromBytes,
  ModelFileError,
  type ModelFileProblem,
  type ModelNamespaces,
  type TensorToStore,
  toBytes,
} from "./index.js";
import { isLaterThanThis, LIBRARY_VERSION } from "./version.js";

const initializer: Initializer = { config: { kind: "zeros" }, generate: () => new Float32Array() };

/** A stand-in for @myelin/layers: networks of one matrix, and one layer that is no network. */
const namespaces: ModelNamespaces = {
  layers: {
    layerFromConfig: (config) => {
      const { kind, arguments: extents = [] } = config as { kind: string; arguments?: number[] };
      const specs: ParameterSpecs = {
        a: { kernel: { shape: extents, initializer }, bias: { shape: extents.slice(1), initializer } },
      };
      const layer = { config: config as Config, parameters: () => specs, forward: () => unused() };
      if (kind === "single") return layer;
      const error = new ArgumentError("layerFromConfig", "the kind matrix", kind);
      if (kind !== "matrix") throw kind === "broken" ? error : Object.assign(error, { unknownKind: kind });
      const network: Network = { ...layer, inputShape: [2], outputShape: [3], children: [] };
      return network;
    },
  },
  activations: {},
};

function unused(): never {
  throw new Error("loading computes nothing");
}

const state: ModelState = {
  config: { kind: "matrix", arguments: [2, 3] },
  tensors: {
    "a/kernel": { shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, -0]) },
    "a/bias": { shape: [3], data: new Float32Array([Number.NaN, Number.POSITIVE_INFINITY, 1e-45]) },
  },
  labels: ["cat", "dog", "Ñandú"],
  preprocessing: { mean: [0.5, null], vocabulary: { constructor: 1 } },
};

function problemOf(file: Uint8Array): { problem: ModelFileProblem; message: string } {
  try {
    fromBytes(file, namespaces);
  } catch (error) {
    if (error instanceof ModelFileError) return error;
    throw error;
  }
  throw new Error("the file was read");
}

/** The file of `state` with other tensors or metadata. */
function altered(
  metadata: Readonly<Record<string, string | undefined>>,
  tensors: Readonly<Record<string, TensorToStore>> = state.tensors,
): Uint8Array {
  const all = { ...decodeSafetensors(toBytes(state)).metadata, ...metadata };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return encodeSafetensors(tensors, Object.fromEntries(given));
}

describe("a model", () => {
  it("comes back as it was saved", () => {
    const loaded = fromBytes(toBytes(state), namespaces);
    expect(loaded.state).toEqual(state);
    expect(loaded.network.config).toEqual(state.config);
    expect(loaded.libraryVersion).toBe(LIBRARY_VERSION);
    expect(loaded.metadata).toEqual({});
    expect(toBytes(loaded.state)).toEqual(toBytes(state));
  });

  it("comes back without labels and preprocessing when it has none", () => {
    const { config, tensors } = state;
    expect(fromBytes(toBytes({ config, tensors }), namespaces).state).toEqual({ config, tensors });
  });

  it("keeps metadata of others", () => {
    const loaded = fromBytes(toBytes(state, { metadata: { author: "me" } }), namespaces);
    expect(loaded.metadata).toEqual({ author: "me" });
    expect(() => toBytes(state, { metadata: { labels: "x" } })).toThrow("metadata under names of their own");
  });

  it("is a safetensors file that other programs can read", () => {
    const { tensors, metadata } = decodeSafetensors(toBytes(state));
    expect([...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
      ["a/kernel", "F32", [2, 3]],
      ["a/bias", "F32", [3]],
    ]);
    expect(metadata).toEqual({
      format: "myelin",
      formatVersion: "1",
      libraryVersion: LIBRARY_VERSION,
      architecture: '{"kind":"matrix","arguments":[2,3]}',
      labels: '["cat","dog","Ñandú"]',
      preprocessing: '{"mean":[0.5,null],"vocabulary":{"constructor":1}}',
    });
  });

  it("may have been stored in other precisions", () => {
    const { tensors } = fromBytes(
      altered(
        {},
        {
          "a/kernel": { shape: [2, 3], data: new Float64Array([1, 2, 3, 4, 5, 0.1]) },
          "a/bias": { dtype: "BF16", shape: [3], bytes: new Uint8Array([0x80, 0x3f, 0, 0xc0, 0, 0]) },
        },
      ),
      namespaces,
    ).state;
    expect(tensors["a/kernel"]?.data).toEqual(new Float32Array([1, 2, 3, 4, 5, 0.1]));
    expect(tensors["a/bias"]?.data).toEqual(new Float32Array([1, -2, 0]));
  });

  it("is not written when it could not be read", () => {
    const trap = JSON.parse('{"kind":"matrix","arguments":[{"__proto__":1}]}') as Config;
    expect(() => toBytes({ ...state, config: trap })).toThrow(
      "[toBytes] expected architecture that can be read back",
    );
    const preprocessing = JSON.parse('{"__proto__":1}') as Config;
    expect(() => toBytes({ ...state, preprocessing })).toThrow("preprocessing that can be read back");
  });

  it("refuses what JSON would make something else of", () => {
    const all = [Number.NaN, Number.POSITIVE_INFINITY, new Map([["a", 1]]), new Set(), new Float32Array(1)];
    for (const wrong of [...all, Promise.resolve(), () => 1, Symbol("a")] as never[])
      for (const preprocessing of [{ area: wrong }, { area: [wrong] }])
        expect(() => toBytes({ ...state, preprocessing })).toThrow(
          '[toBytes] expected preprocessing that can be read back, received "preprocessing". JSON would make something else',
        );
    const preprocessing = {
      words: JSON.parse('{"then":1,"length":2}'),
      missing: null,
      list: [[0.5], "x", true],
    };
    expect(fromBytes(toBytes({ ...state, preprocessing }), namespaces).state.preprocessing).toEqual(
      preprocessing,
    );
  });
});

describe("files that hold no model for this version", () => {
  const [kernel, bias] = Object.values(state.tensors) as [TensorToStore, TensorToStore];
  const problems: Record<string, [file: Uint8Array, problem: ModelFileProblem, message: string]> = {
    "other programs' files": [altered({ format: "pt" }), "foreign", "it was not written by toBytes"],
    "files without architecture": [altered({ architecture: undefined }), "foreign", "no network"],
    "no format version": [
      altered({ formatVersion: undefined }),
      "corrupt",
      "has the format version undefined",
    ],
    "a strange format version": [altered({ formatVersion: "-1" }), "corrupt", 'the format version "-1"'],
    "a later format": [
      altered({ formatVersion: "2", libraryVersion: "9.1.0", architecture: "?" }),
      "newer",
      "The file was written by version 9.1.0 in format 2; this version reads formats up to 1. Update the library.",
    ],
    "broken architecture": [altered({ architecture: "{" }), "corrupt", "The architecture is not valid JSON"],
    "architecture with traps": [
      altered({ architecture: '{"kind":"matrix","__proto__":{}}' }),
      "corrupt",
      "which no file may use",
    ],
    "a kind that cannot be made": [
      altered({ architecture: '{"kind":"broken"}' }),
      "corrupt",
      'expected the kind matrix, received "broken"',
    ],
    "an unknown kind": [
      altered({ architecture: '{"kind":"attention"}' }),
      "unknown",
      'The network in the file has the layer or activation "attention", which nobody passed: pass it under this name in { layers } or { activations }.',
    ],
    "an unknown kind of a later version": [
      altered({ architecture: '{"kind":"attention"}', libraryVersion: "0.9.0" }),
      "newer",
      "(written by version 0.9.0) cannot be rebuilt",
    ],
    "architecture that is no config": [altered({ architecture: "null" }), "corrupt", "cannot be rebuilt"],
    "a single layer": [
      altered({ architecture: '{"kind":"single","arguments":[2,3]}' }),
      "corrupt",
      "a single single instead of a network",
    ],
    "broken labels": [altered({ labels: "[1]" }), "corrupt", "not a list of texts"],
    "broken preprocessing": [
      altered({ preprocessing: "{" }),
      "corrupt",
      "The preprocessing is not valid JSON",
    ],
    "a missing parameter": [
      altered({}, { "a/kernel": kernel }),
      "mismatch",
      'The file has no parameter "a/bias"',
    ],
    "a parameter too many": [
      altered({}, { "a/kernel": kernel, "a/bias": bias, b: bias }),
      "mismatch",
      'The network in the file has no parameter "b"',
    ],
    "a parameter of another shape": [
      altered({}, { "a/kernel": { ...kernel, shape: [3, 2] }, "a/bias": bias }),
      "mismatch",
      'Parameter "a/kernel" has shape [3, 2] in the file; the network needs [2, 3].',
    ],
    "a parameter of another type": [
      altered({}, { "a/kernel": kernel, "a/bias": { shape: [3], data: new Int32Array(3) } }),
      "mismatch",
      "has element type I32, not F32",
    ],
  };
  for (const [what, [file, problem, message]] of Object.entries(problems)) {
    it(what, () => {
      const error = problemOf(file);
      expect(error.message).toContain(message);
      expect(error.problem).toBe(problem);
    });
  }
});

describe("damaged files", () => {
  const file = toBytes(state, { metadata: { note: "x" } });

  it("are refused wherever they end", () => {
    for (let length = 0; length < file.length; length++) {
      expect(["truncated", "corrupt"]).toContain(problemOf(file.subarray(0, length)).problem);
    }
  });

  it("never give anything but a whole model or a ModelFileError", () => {
    const flip = fc.record({ at: fc.nat(file.length - 1), bits: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(fc.array(flip, { minLength: 1, maxLength: 4 }), (flips) => {
        const damaged = file.slice();
        for (const { at, bits } of flips) damaged[at] = (damaged[at] as number) ^ bits;
        try {
          const { state: read } = fromBytes(damaged, namespaces);
          expect(Object.keys(read.tensors)).toEqual(Object.keys(state.tensors));
        } catch (error) {
          if (!(error instanceof ModelFileError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("may be any bytes at all", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => fromBytes(bytes, namespaces)).toThrow(ModelFileError);
      }),
    );
  });
});

describe("the version of the library", () => {
  it("is that of the package", () => {
    expect(LIBRARY_VERSION).toBe(manifest.version);
  });

  it("is compared part by part", () => {
    expect(isLaterThanThis("1.10.0", "1.9.9")).toBe(true);
    expect(isLaterThanThis("1.9.9", "1.10.0")).toBe(false);
    expect(isLaterThanThis("2.0.0", "2.0.0")).toBe(false);
    expect(isLaterThanThis("unknown", "0.0.0")).toBe(false);
  });
});

it("namespaces that are none are refused, with where to find them", () => {
  const config = { kind: "matrix", arguments: [2, 3] };
  const bytes = toBytes({ config, tensors: {} });
  for (const wrong of [
    undefined,
    {},
    { layers: {}, activations: {} },
    { ...namespaces, activations: undefined },
  ])
    expect(() => fromBytes(bytes, wrong as never)).toThrow(
      /^\[fromBytes\] expected (layers with their layerFromConfig|activations by name), received .*\. Pass import \* as layers/,
    );
});
