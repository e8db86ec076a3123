import { describe, expect, it } from "vitest";
import { withDefaults } from "./with-defaults.js";

interface Options {
  readonly size: number;
  readonly name?: string | undefined;
  readonly round?: boolean;
}
const fill = (options: unknown) =>
  withDefaults("bake", options as Options, { size: undefined, name: "bun", round: true });

describe("withDefaults", () => {
  it("fills in what is left out or undefined, and nothing else", () => {
    expect(fill({ size: 3 })).toEqual({ size: 3, name: "bun", round: true });
    expect(fill({ size: 3, name: undefined, round: false })).toEqual({ size: 3, name: "bun", round: false });
    expect(fill({ name: null })).toEqual({ size: undefined, name: null, round: true });
  });

  it("reads options that are inherited", () => {
    expect(fill(Object.create({ name: "roll" }))).toMatchObject({ name: "roll" });
  });

  it.each([["no"], [0], [1], [null], [1n], [{}], [[]], [() => true]])(
    "takes no %o for a boolean",
    (round) => {
      expect(() => fill({ round })).toThrow("[bake] expected a boolean as round, received");
    },
  );

  it.each([["0.2"], [true], [null], [2n], [Symbol("2")]])("takes no %o for a number", (wrong) => {
    const rate = () => withDefaults("bake", { rate: wrong } as object, { rate: 0.1 } as never);
    expect(rate).toThrow("[bake] expected a number as rate, received");
  });

  it("takes what may stand for numbers", () => {
    const rate = (value: unknown) => withDefaults("bake", { rate: value } as object, { rate: 0.1 } as never);
    // A schedule may stand for a number.
    for (const value of [0.2, () => 0.2, [1, 2], { rate: 1 }]) expect(rate(value)).toEqual({ rate: value });
  });

  it.each([
    [{ sise: 3 }, '"sise"'],
    [{ size: 3, Name: "x", toString: 1 }, '"Name"'],
    [[3], '"0"'],
    [undefined, "undefined"],
    [null, "null"],
    [3, "3"],
    ["x", '"x"'],
    [function small() {}, "the function small"],
  ])("refuses %o, and names what it knows", (options, received) => {
    expect(() => fill(options)).toThrow(
      `[bake] expected options { size, name, round }, received ${received}.`,
    );
  });
});
