import { expect, test } from "vitest";
import {
  block,
  br,
  brIf,
  drop,
  f32x4,
  forRange,
  i32,
  loop,
  type ModuleBuilder,
  moduleBuilder,
  ret,
  select,
  v128,
  when,
} from "./index.js";

function instantiate(
  module: ModuleBuilder,
  imports: WebAssembly.Imports = {},
): Record<string, (...values: number[]) => number> {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes({ names: true })), imports);
  return instance.exports as never;
}

test("a kernel reads and writes an imported memory", () => {
  const module = moduleBuilder();
  module.importMemory("host", "memory", { initial: 1 });
  const scale = module.function("scale", ["i32", "f32"], "void", (f, count, factor) => {
    const i = f.local("i32");
    const four = f.local("v128");
    f.atEntry(four.set(f32x4.splat(factor)));
    const vectors = f.local("i32");
    const address = i32.mul(i, i32.const(16));
    return [
      vectors.set(i32.div_u(count, i32.const(4))),
      forRange(i, { to: vectors }, v128.store(address, f32x4.mul(v128.load(address, 64), four), 64)),
    ];
  });
  module.export("scale", scale);
  const memory = new WebAssembly.Memory({ initial: 1 });
  const values = new Float32Array(memory.buffer, 64, 8);
  values.set([1, 2, 3, 4, 5, 6, 7, 8]);
  instantiate(module, { host: { memory } }).scale!(8, 0.5);
  expect([...values]).toEqual([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]);
});

test("a counted loop runs from and to", () => {
  const module = moduleBuilder();
  const count = (name: string, from: number, to: number, known: boolean) =>
    module.export(
      name,
      module.function(name, ["i32"], "i32", (f, end) => {
        const i = f.local("i32");
        const sum = f.local("i32");
        return [forRange(i, { from, to: known ? to : end }, sum.set(i32.add(sum, i))), sum];
      }),
    );
  count("known", 2, 6, true);
  count("empty", 5, 5, true);
  count("unknown", 2, 0, false);
  const { known, empty, unknown } = instantiate(module);
  expect(known!(0)).toBe(2 + 3 + 4 + 5);
  expect(empty!(0)).toBe(0);
  expect(unknown!(6)).toBe(2 + 3 + 4 + 5);
  expect(unknown!(2)).toBe(0);
});

test("branches find their block through others", () => {
  const module = moduleBuilder();
  // The number of Collatz steps: leaves two blocks at once.
  const collatz = module.function("collatz", ["i32"], "i32", (f, n) => {
    const steps = f.local("i32");
    return [
      block((exit) => [
        loop((again) => [
          when(i32.le_u(n, i32.const(1)), br(exit)),
          steps.set(i32.add(steps, i32.const(1))),
          when(
            i32.rem_u(n, i32.const(2)),
            n.set(i32.add(i32.mul(n, i32.const(3)), i32.const(1))),
            n.set(i32.div_u(n, i32.const(2))),
          ),
          br(again),
        ]),
      ]),
      steps,
    ];
  });
  module.export("collatz", collatz);
  expect(instantiate(module).collatz!(27)).toBe(111);
});

test("values are chosen with and without a branch, and returned early", () => {
  const module = moduleBuilder();
  const sign = module.function("sign", ["i32"], "i32", (_, x) => [
    when(i32.lt_s(x, i32.const(0)), ret(i32.const(-1))),
    select(i32.eqz(x), i32.const(0), i32.const(1)),
  ]);
  module.export("sign", sign);
  const { sign: run } = instantiate(module);
  expect([-3, 0, 2].map((value) => run!(value))).toEqual([-1, 0, 1]);
});

test("functions call imports and each other, globals are shared with the host", () => {
  const module = moduleBuilder();
  const double = module.importFunction("host", "double", ["i32"], "i32");
  const given = module.importGlobal("host", "given", "i32");
  const own = module.global("i32", i32.const(1 << 30));
  const step = module.function("step", ["i32"], "void", (_, x) => [
    given.set(double.call(x)),
    own.set(i32.add(own, i32.const(2))),
  ]);
  module.export(
    "go",
    module.function("go", [], "void", () => [drop(double.call(i32.const(1))), step.call(i32.const(21))]),
  );
  module.export(
    "own",
    module.function("own", [], "i32", () => own),
  );
  const global = new WebAssembly.Global({ value: "i32", mutable: true }, 0);
  const exports = instantiate(module, { host: { double: (x: number) => 2 * x, given: global } });
  exports.go!();
  expect(global.value).toBe(42);
  expect(exports.own!()).toBe((1 << 30) + 2);
});

test("equal function types are stored once", () => {
  const build = (functions: number) => {
    const module = moduleBuilder();
    for (let i = 0; i < functions; i++) module.function(`f${i}`, ["i32", "v128"], "i32", (_, x) => x);
    return module.toBytes().length;
  };
  // Per function: a type index, and a body of a size, no locals, local.get and end.
  expect(build(3) - build(2)).toBe(1 + 1 + 1 + 2 + 1);
});

test("a long module outgrows the first buffer", () => {
  const module = moduleBuilder();
  const sum = module.function("sum", [], "i32", (f) => {
    const total = f.local("i32");
    return [Array.from({ length: 20_000 }, () => total.set(i32.add(total, i32.const(3)))), total];
  });
  module.export("sum", sum);
  expect(instantiate(module).sum!()).toBe(60_000);
});

test("mistakes are reported with their place", () => {
  const module = moduleBuilder();
  let escaped: Parameters<typeof br>[0] | undefined;
  const first = block((exit) => {
    escaped = exit;
    return [];
  });
  expect(() => module.function("f", [], "void", () => [first, brIf(escaped!, i32.const(1))])).toThrow(
    "branch to a block that is not around it",
  );
  module.function("g", [], "void", () => []);
  expect(() => module.importFunction("host", "late", [], "void")).toThrow(
    'import "host.late" before the first of the module',
  );
  expect(() => v128.load(i32.const(0), -16)).toThrow("-16 is not a 32-bit integer from 0 on");
  expect(() => i32.const(1.5)).toThrow("1.5 is not a 32-bit integer");
  expect(() => f32x4.const([1, 2, 3])).toThrow("assembler: expected 4 lanes, got 3");
  expect(() => f32x4.const([1, 2, 3, 4, 5])).toThrow(RangeError);
});
