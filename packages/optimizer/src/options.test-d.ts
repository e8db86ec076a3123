import { test } from "vitest";
import { adam, exponentialDecay, sgd } from "./index.js";

test("options may be undefined", () => {
  const maybe = undefined as number | undefined;
  sgd({ momentum: maybe, learningRate: maybe });
  adam({ beta1: maybe, weightDecay: maybe });
  exponentialDecay({ initialRate: 1, factor: 0.5, every: maybe });
  // @ts-expect-error what has no default
  exponentialDecay({ initialRate: maybe, factor: 0.5 });
});
