import { expect, test } from "vitest";
import loadWabt from "wabt";
import { atomicOpcodes } from "../threads/atomic.js";
import { flatten } from "./code.js";
import { f32, f32x4, f64x2, i8x16, i16x8, i32, i32x4, instructions, moduleBuilder, v128 } from "./index.js";
import { opcodeTable } from "./opcode-table.js";
import type { Body, Expr, Type, ValueType } from "./types.js";

const atomic = instructions(atomicOpcodes, 0xfe);
const sections = { i32, f32, v128, i8x16, i16x8, i32x4, f32x4, f64x2, atomic };

const letters: Record<string, ValueType> = { i: "i32", f: "f32", d: "f64", v: "v128" };
const operands: Record<string, () => Expr<ValueType>> = {
  i: () => i32.const(3),
  f: () => f32.load(i32.const(8)),
  v: () => f32x4.const([1, 2, 3, 4]),
};
const immediates: Record<string, unknown[]> = {
  "#": [1],
  "*": [[0, 1, 2, 3, 20, 21, 22, 23, 8, 9, 10, 11, 28, 29, 30, 31]],
  I: [-70_000],
  J: [[1, -2, 3, -4]],
  G: [0.1],
  D: [0.1],
};

const atomicMnemonics: Record<string, string> = {
  notify: "memory.atomic.notify",
  load: "i32.atomic.load",
  add: "i32.atomic.rmw.add",
};

interface Case {
  mnemonic: string;
  expression: Expr<Type>;
  result: Type;
  printed: string;
}

/** One use of every instruction of the table, and how the text format writes it. */
const cases: Case[] = Object.entries({ ...opcodeTable, atomic: atomicOpcodes }).flatMap(([section, rows]) =>
  (rows as readonly string[]).flatMap((row) => {
    const [signature = "", ...words] = row.split(" ");
    const names = words.filter((word) => !/^\d/.test(word));
    return names.map((name): Case => {
      const [inputs, output] = signature.split(":") as [string, string];
      const given: unknown[] = [];
      for (const letter of inputs) {
        if (/\d/.test(letter)) given.push(i32.const(64));
        else given.push(...(operands[letter] ? [operands[letter]()] : immediates[letter]!));
      }
      if (/\d/.test(inputs)) given.push(48);
      const members = sections[section as "i32"];
      const expression = (members as unknown as Record<string, (...all: unknown[]) => Expr<Type>>)[name]!(
        ...given,
      );
      const mnemonic = mnemonicOf(section, name);
      return {
        mnemonic,
        expression,
        result: letters[output] ?? "void",
        printed: mnemonic + printedImmediates(inputs, mnemonic),
      };
    });
  }),
);

function mnemonicOf(section: string, name: string): string {
  // i32x4.const is our way to write v128.const.
  if (name === "const" && section.includes("x")) return "v128.const";
  if (section === "atomic") return atomicMnemonics[name] as string;
  return `${section}.${name}`;
}

function printedImmediates(inputs: string, mnemonic: string): string {
  if (/\d/.test(inputs)) return inputs.includes("#") ? " offset=48 1" : " offset=48";
  if (inputs.includes("#")) return " 1";
  if (inputs.includes("*")) return ` ${(immediates["*"]![0] as number[]).join(" ")}`;
  if (mnemonic === "v128.const") {
    const lanes: Record<string, string> = {
      J: "0x00000001 0xfffffffe 0x00000003 0xfffffffc",
      G: "0x3dcccccd 0x3dcccccd 0x3dcccccd 0x3dcccccd",
      D: "0x9999999a 0x3fb99999 0x9999999a 0x3fb99999",
    };
    return ` i32x4 ${lanes[inputs]}`;
  }
  if (inputs === "I") return " -70000";
  return "";
}

function moduleOf({ expression, result }: Case): Uint8Array<ArrayBuffer> {
  const module = moduleBuilder();
  module.importMemory("host", "memory", { initial: 1, maximum: 1 });
  module.export(
    "f",
    module.function("f", [], result, () => expression as Body<Type> as never),
  );
  return module.toBytes();
}

// The WebAssembly Binary Toolkit knows no relaxed SIMD, and Node 20 only behind a flag.
const relaxed = (mnemonic: string) => mnemonic.includes("relaxed");

test("every instruction is valid and disassembles to its own name and immediates", async () => {
  const wabt = await loadWabt();
  const features = {
    simd: true,
    threads: true,
    sat_float_to_int: true,
    sign_extension: true,
    bulk_memory: true,
  };
  for (const each of cases.filter(({ mnemonic }) => !relaxed(mnemonic))) {
    const bytes = moduleOf(each);
    expect(WebAssembly.validate(bytes), each.mnemonic).toBe(true);
    const text = wabt.readWasm(bytes, features).toText({ foldExprs: false, inlineExport: false });
    const lines = text.split("\n").map((line) =>
      line
        .replace(/\(;=.*?;\)/, "")
        .replace(/\)+$/, "")
        .trim(),
    );
    expect(lines, each.mnemonic).toContain(each.printed);
  }
  expect(cases.length).toBeGreaterThan(95);
});

test("relaxed instructions have the bytes of the specification, and are valid where the engine has them", () => {
  const bytes = cases
    .filter(({ mnemonic }) => relaxed(mnemonic))
    .map(({ mnemonic, expression }) => {
      return [mnemonic, [...flatten(expression).slice(3 * 18)]];
    });
  if (Number(process.versions.node.split(".")[0]) >= 22) {
    for (const each of cases) expect(WebAssembly.validate(moduleOf(each)), each.mnemonic).toBe(true);
  }
  expect(bytes).toEqual([["f32x4.relaxed_madd", [0xfd, 0x85, 0x02]]]);
});
