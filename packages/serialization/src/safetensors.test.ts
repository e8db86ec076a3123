import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeSafetensors,
  encodeSafetensors,
  ModelFileError,
  type ModelFileProblem,
  type TensorToStore,
  tensorValues,
} from "./index.js";

/** A file with any header, and `dataLength` bytes of data. */
function fileOf(header: unknown, dataLength = 0, claimed?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + dataLength);
  new DataView(file.buffer).setBigUint64(0, claimed ?? BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

const entry = (begin: number, end: number, shape: unknown = [(end - begin) / 4], dtype: unknown = "F32") => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

function problemOf(file: Uint8Array): { problem: ModelFileProblem; message: string } {
  try {
    decodeSafetensors(file);
  } catch (error) {
    if (error instanceof ModelFileError) return error;
    throw error;
  }
  throw new Error("the file was read");
}

describe("encodeSafetensors", () => {
  it("writes the bytes of the format", () => {
    const file = encodeSafetensors({ a: { shape: [2], data: new Float32Array([1, -2]) } }, { by: "me" });
    const header = '{"__metadata__":{"by":"me"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8, " ");
    expect([...file.subarray(0, 8)]).toEqual([padded.length, 0, 0, 0, 0, 0, 0, 0]);
    expect(new TextDecoder().decode(file.subarray(8, 8 + padded.length))).toBe(padded);
    expect([...file.subarray(8 + padded.length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  it("starts every tensor at a multiple of its element size", () => {
    const file = encodeSafetensors({
      bytes: { shape: [3], data: new Uint8Array([1, 2, 3]) },
      half: { dtype: "F16", shape: [1], bytes: new Uint8Array([0, 0x3c]) },
      floats: { shape: [1], data: new Float32Array([1]) },
      doubles: { shape: [1], data: new Float64Array([1]) },
    });
    const { tensors } = decodeSafetensors(file);
    expect([...tensors.keys()]).toEqual(["doubles", "floats", "half", "bytes"]);
    const sizes: Record<string, number> = { doubles: 8, floats: 4, half: 2, bytes: 1 };
    for (const [name, { bytes }] of tensors) expect(bytes.byteOffset % (sizes[name] as number)).toBe(0);
  });

  it("refuses what could not be read back", () => {
    const data = new Float32Array(2);
    expect(() => encodeSafetensors({ a: { shape: [3], data } })).toThrow(
      '[encodeSafetensors] expected 3 numbers for "a" of shape [3], received 2 numbers.',
    );
    expect(() => encodeSafetensors({ __metadata__: { shape: [2], data } })).toThrow(
      "a tensor name that the format leaves free",
    );
    expect(() => encodeSafetensors({ "a/constructor": { shape: [2], data } })).toThrow(
      "names that no object has",
    );
    expect(() => encodeSafetensors({}, { constructor: "x" })).toThrow("names that no object has");
    expect(() => encodeSafetensors({ a: { shape: [0.5], data } })).toThrow("whole numbers in the shape");
    expect(() => encodeSafetensors({ a: { dtype: "F4", shape: [3], bytes: new Uint8Array(1) } })).toThrow(
      "1.5 bytes",
    );
    expect(() => encodeSafetensors({ a: { shape: [2], data: new Int16Array(2) as never } })).toThrow(
      "another array that the format knows, received an Int16Array",
    );
  });
});

describe("decodeSafetensors", () => {
  // A busy machine needs long for so many texts.
  it("reads what was written, for any names, shapes and texts", { timeout: 60_000 }, () => {
    const tensor: fc.Arbitrary<TensorToStore> = fc.oneof(
      fc.float32Array().map((data) => ({ shape: [data.length], data })),
      fc.float64Array().map((data) => ({ shape: [1, data.length, 1], data })),
      fc.int32Array().map((data) => ({ shape: [data.length, 1], data })),
      fc.bigInt64Array().map((data) => ({ shape: [data.length], data })),
      fc.uint8Array().map((data) => ({ shape: [data.length], data })),
    );
    const name = fc
      .string({ unit: "grapheme" })
      .filter((text) => !text.split("/").some((part) => part in {}));
    fc.assert(
      fc.property(
        fc.dictionary(name, tensor),
        fc.dictionary(name, fc.string({ unit: "binary" })),
        (tensors, metadata) => {
          const file = encodeSafetensors(tensors, metadata);
          const read = decodeSafetensors(file);
          expect(read.metadata).toEqual({ ...metadata });
          expect([...read.tensors.keys()].sort()).toEqual(Object.keys(tensors).sort());
          for (const [key, stored] of read.tensors) {
            const original = tensors[key] as { shape: number[]; data: Float32Array };
            expect(stored.shape).toEqual(original.shape);
            expect(tensorValues(stored)).toEqual(original.data);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("reads an ArrayBuffer, and bytes that lie somewhere in another buffer", () => {
    const file = encodeSafetensors({ a: { shape: [2], data: new Float32Array([1, 2]) } });
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    for (const bytes of [file.buffer, shifted.subarray(3)]) {
      const { tensors } = decodeSafetensors(bytes);
      expect([...tensorValues(tensors.get("a") as never)]).toEqual([1, 2]);
    }
  });

  it("reads half precision", () => {
    const read = (dtype: "F16" | "BF16", ...words: number[]) => {
      const bytes = new Uint8Array(words.flatMap((word) => [word & 0xff, word >>> 8]));
      return [...tensorValues({ dtype, shape: [words.length], bytes })];
    };
    expect(read("F16", 0x3c00, 0xc000, 0x7bff, 0x0001, 0x8001, 0x03ff, 0x0400, 0x3555)).toEqual([
      1,
      -2,
      65504,
      2 ** -24,
      -(2 ** -24),
      1023 * 2 ** -24,
      2 ** -14,
      0.333251953125,
    ]);
    expect(read("F16", 0x7c00, 0xfc00, 0x7e00, 0x8000)).toEqual([Infinity, -Infinity, NaN, -0]);
    expect(read("BF16", 0x3f80, 0xc000, 0x7f80, 0x0001)).toEqual([1, -2, Infinity, 2 ** -133]);
  });

  it("hands out the bytes of types that have no numbers", () => {
    const { tensors } = decodeSafetensors(
      fileOf({ a: entry(0, 3, [2, 2], "F6_E2M3"), b: entry(3, 4, [1], "F8_E5M2") }, 4),
    );
    expect(tensors.get("a")?.bytes).toHaveLength(3);
    expect(() => tensorValues(tensors.get("b") as never)).toThrow(
      "[tensorValues] expected an element type that JavaScript can hold",
    );
  });
});

describe("files that are refused", () => {
  const problems: Record<string, [file: Uint8Array, problem: ModelFileProblem, message: string]> = {
    nothing: [new Uint8Array(), "truncated", "ends after 0 bytes"],
    "half a length": [new Uint8Array(7), "truncated", "ends after 7 bytes"],
    "a header longer than the file": [fileOf("{}", 0, 100n), "truncated", "within its header of 100 bytes"],
    "a huge header": [fileOf("{}", 0, 2n ** 63n), "corrupt", "claims a header of 9223372036854776000 bytes"],
    "another huge header": [fileOf("{}", 0, 100_000_001n), "corrupt", "no safetensors file"],
    "an empty header": [fileOf(""), "corrupt", "not valid JSON"],
    "a header that is no text": [
      (() => {
        const file = fileOf("{}");
        file[8] = 0xff;
        return file;
      })(),
      "corrupt",
      "not UTF-8",
    ],
    "a broken header": [fileOf('{"a":'), "corrupt", "not valid JSON"],
    "a list as header": [fileOf([]), "corrupt", "not a JSON object"],
    "a number as header": [fileOf("3"), "corrupt", "not a JSON object"],
    "metadata that are numbers": [fileOf({ __metadata__: { a: 1 } }), "corrupt", "not a record of texts"],
    "metadata that are a list": [fileOf({ __metadata__: ["a"] }), "corrupt", "not a record of texts"],
    "a tensor that is no record": [fileOf({ a: null }), "corrupt", 'Tensor "a" is not described'],
    "an unknown type": [fileOf({ a: entry(0, 4, [1], "F128") }, 4), "corrupt", 'unknown element type "F128"'],
    "a type that objects have by nature": [
      fileOf({ a: entry(0, 4, [1], "constructor") }, 4),
      "corrupt",
      "unknown element type",
    ],
    "no shape": [
      fileOf({ a: { dtype: "F32", data_offsets: [0, 4] } }, 4),
      "corrupt",
      "a shape that is not a list",
    ],
    "a negative extent": [
      fileOf({ a: entry(0, 4, [-1, -1]) }, 4),
      "corrupt",
      "a shape that is not a list of whole numbers",
    ],
    "half an extent": [
      fileOf({ a: entry(0, 4, [0.5, 2]) }, 4),
      "corrupt",
      "a shape that is not a list of whole numbers",
    ],
    "a huge extent": [
      fileOf({ a: entry(0, 4, [2 ** 60]) }, 4),
      "corrupt",
      "a shape that is not a list of whole numbers",
    ],
    "a product that overflows": [
      fileOf({ a: entry(0, 4, [2 ** 33, 2 ** 33, 2 ** 33]) }, 4),
      "corrupt",
      "does not fit 4 bytes",
    ],
    "a product that overflows to 0 in 64 bits": [
      fileOf({ a: entry(0, 0, [2 ** 32, 2 ** 32]) }, 0),
      "corrupt",
      "does not fit 0 bytes",
    ],
    "fewer bytes than the shape": [
      fileOf({ a: entry(0, 4, [2]) }, 4),
      "corrupt",
      "of shape [2] and type F32 does not fit 4 bytes",
    ],
    "one offset": [fileOf({ a: { ...entry(0, 4), data_offsets: [0] } }, 4), "corrupt", "has no two offsets"],
    "offsets in reverse": [
      fileOf({ a: { ...entry(0, 4), data_offsets: [4, 0] } }, 4),
      "corrupt",
      "does not fit -4 bytes",
    ],
    "missing data": [fileOf({ a: entry(0, 4) }, 3), "truncated", "would end at byte 4 of 3 bytes of data"],
    "tensors that overlap": [
      fileOf({ a: entry(0, 8), b: entry(4, 12) }, 12),
      "corrupt",
      'Tensor "b" shares bytes',
    ],
    "tensors that are one": [fileOf({ a: entry(0, 4), b: entry(0, 4) }, 4), "corrupt", "shares bytes"],
    "a gap": [
      fileOf({ a: entry(0, 4), b: entry(8, 12) }, 12),
      "corrupt",
      'Tensor "b" is preceded by bytes of no tensor',
    ],
    "bytes at the end": [
      fileOf({ a: entry(0, 4) }, 5),
      "corrupt",
      "The last 1 bytes of the file belong to no tensor",
    ],
    "one name twice": [
      fileOf(`{"a":${JSON.stringify(entry(0, 4))}, "\\u0061" : ${JSON.stringify(entry(0, 4))}}`, 4),
      "corrupt",
      'has the name "a" twice',
    ],
    "a name twice, deep inside": [fileOf('{"a":{"x":[{"y":1,"y":2}]}}'), "corrupt", 'has the name "y" twice'],
    "__proto__ as a tensor": [
      fileOf(`{"__proto__":${JSON.stringify(entry(0, 4))}}`, 4),
      "corrupt",
      '"__proto__" which no file may use',
    ],
    "constructor as a part of a name": [
      fileOf({ "a/constructor": entry(0, 4) }, 4),
      "corrupt",
      "which no file may use",
    ],
    "__proto__ in the metadata": [
      fileOf('{"__metadata__":{"__proto__":"x"}}'),
      "corrupt",
      "which no file may use",
    ],
  };
  for (const [what, [file, problem, message]] of Object.entries(problems)) {
    it(what, () => {
      const error = problemOf(file);
      expect(error.message).toContain(message);
      expect(error.problem).toBe(problem);
    });
  }

  it("are not refused for keys that repeat in different records, or for texts that look like keys", () => {
    const { tensors, metadata } = decodeSafetensors(
      fileOf({ __metadata__: { x: '"__proto__": "a": "a":', y: "\\" }, a: entry(0, 4), b: entry(4, 8) }, 8),
    );
    expect(tensors.size).toBe(2);
    expect(metadata.y).toBe("\\");
  });
});
