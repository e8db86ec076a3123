import { expectTypeOf, test } from "vitest";
import { type Expr, f32, f32x4, i32, moduleBuilder, v128 } from "./index.js";

test("an instruction has the types of its signature in the opcode table", () => {
  expectTypeOf(f32x4.add).toEqualTypeOf<(a: Expr<"v128">, b: Expr<"v128">) => Expr<"v128">>();
  expectTypeOf(i32.lt_u).returns.toEqualTypeOf<Expr<"i32">>();
  expectTypeOf(i32.store).parameters.toEqualTypeOf<[Expr<"i32">, Expr<"i32">, offset?: number]>();
  expectTypeOf(v128.store32_lane).parameters.toEqualTypeOf<
    [Expr<"i32">, Expr<"v128">, number, offset?: number]
  >();
  expectTypeOf(i32.store).returns.toEqualTypeOf<Expr<"void">>();
});

test("a value of another type does not compile", () => {
  // @ts-expect-error f32 where a vector is wanted
  f32x4.add(f32.load(i32.const(1)), f32x4.const(1));
  // @ts-expect-error the offset is a number, not an expression
  f32.load(i32.const(0), i32.const(4));
  // @ts-expect-error there is no such instruction
  f32x4.rem;
});

test("functions and locals carry their types", () => {
  const module = moduleBuilder();
  const half = module.function("half", ["f32"], "f32", (f, x) => {
    const i = f.local("i32");
    // @ts-expect-error a float into an integer
    i.set(x);
    return [i.set(i32.const(1)), x];
  });
  expectTypeOf(half.call).parameters.toEqualTypeOf<[Expr<"f32">]>();
  // @ts-expect-error the body ends in the wrong type
  module.function("wrong", [], "f32", () => [i32.const(1)]);
  // @ts-expect-error the value in the middle would stay on the stack
  module.function("left", ["f32"], "f32", (_, x) => [x, x]);
});
