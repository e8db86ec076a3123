import { logCosh } from "@myelin/losses";
import { gradient, parameter, sum, tensor } from "@myelin/tensor";
import { expect, it } from "vitest";
import { evaluateOnEngine } from "./engine.js";

/** Errors of both signs, evenly on a logarithmic scale from 1e-4 to 20. */
const ROWS = 2001;
const errors = Float32Array.from({ length: ROWS }, (_, i) => (-1) ** i * 1e-4 * 2e5 ** (i / (ROWS - 1)));

/** In float64, where log1p(2 sinh²(e / 2)) cancels nowhere. */
const exact = (e: number) => Math.log1p(2 * Math.sinh(e / 2) ** 2);

it("logCosh and its gradient keep their digits, however small the error", () => {
  const predictions = parameter("predictions", [ROWS, 1]);
  const perRow = logCosh.perRow(predictions, tensor(new Float32Array(ROWS), [ROWS, 1]));
  const { slopes } = gradient(sum(perRow), { slopes: predictions });
  const [values, derivatives] = evaluateOnEngine([perRow, slopes], new Map([[predictions, errors]]));
  errors.forEach((e, row) => {
    expect(Math.abs((values?.[row] as number) / exact(e) - 1), `logCosh(${e})`).toBeLessThan(4e-7);
    expect(Math.abs((derivatives?.[row] as number) / Math.tanh(e) - 1), `tanh(${e})`).toBeLessThan(4e-7);
  });
});
