import { add, assign, negate, parameter } from "@myelin/tensor";
import { expect, it } from "vitest";
import { compile } from "./compile.js";

const [first, second] = [parameter("first", [2]), parameter("second", [2])];
const step = (...assignments: Parameters<typeof compile>[0]["assignments"]) => ({
  name: "step",
  outputs: {},
  assignments,
});

it("a step writes a parameter once", () => {
  const twice = step(assign(first, negate(second)), assign(second, first), assign(first, add(first, 1)));
  expect(() => compile(twice)).toThrow('[compile] expected one assignment per parameter, received "first".');
  expect(() => compile(step(assign(first, second), assign(second, first)))).not.toThrow();
});

it("parameters are told apart by what they are, not by name", () => {
  const other = parameter("first", [2]);
  expect(() => compile(step(assign(first, second), assign(other, second)))).not.toThrow();
});
