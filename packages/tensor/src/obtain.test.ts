import { expect, it } from "vitest";
import { obtain } from "./obtain.js";

it("makes what a map lacks once, also where it is 0", () => {
  const map = new Map<string, number>();
  let made = 0;
  const get = () => obtain(map, "zero", () => made++);
  expect([get(), get(), made, map.get("zero")]).toEqual([0, 0, 1, 0]);
});
