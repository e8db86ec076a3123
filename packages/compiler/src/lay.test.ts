import { parameter, scatterAdd, tensor } from "@myelin/tensor";
import { expect, test } from "vitest";
import { compile } from "./compile.js";

test("rows of one number are scattered with a last extent of 1, so that equal rows never meet in lanes or threads", () => {
  const rows = tensor([2, 0, 2], "i32");
  for (const shape of [[3], [3, 1]]) {
    const outputs = { y: scatterAdd(rows, parameter("x", shape), 4) };
    const { kernels } = compile({ name: "scatter", outputs, assignments: [] });
    const [adding] = kernels.filter(({ stores }) => stores.some(({ accumulate }) => accumulate));
    expect(adding?.extents).toEqual([3, 1]);
  }
});
