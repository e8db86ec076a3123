import { interpretProgram, printKernel } from "@myelin/compiler";
import { expect, test } from "vitest";
import { randomKernel } from "../testing/random-kernel.js";
import { programOf, runModule } from "../testing/run-module.js";

const SEEDS = Number(process.env.SEEDS ?? 150);

test.for(["map", "row", "column"] as const)("random %s kernels do what the interpreter does", (family) => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const { kernel, arrays, rounded } = randomKernel(seed, family);
    const program = programOf([kernel], arrays);
    const expected = arrays.map((array) => array.slice());
    interpretProgram(program, expected);
    const { arrays: got, untouched } = runModule(program, arrays);
    const about = `seed ${seed}\n${printKernel(kernel, 0)}`;
    expect(untouched, about).toBe(true);
    got.forEach((array, buffer) => {
      array.forEach((value, element) => {
        const want = expected[buffer]?.[element] as number;
        const tolerance = rounded[buffer] ? 1e-5 * Math.max(1, Math.abs(want)) : 0;
        if (Object.is(value, want) || Math.abs(value - want) <= tolerance) return;
        expect.fail(`b${buffer}[${element}] is ${value}, not ${want}: ${about}`);
      });
    });
  }
});
