import { interpreter } from "@myelin/compiler";
import { describe, expect, it } from "vitest";
import {
  type Callback,
  type EpochEvent,
  earlyStopping,
  Model,
  type RunControl,
  reduceOnPlateau,
} from "./index.js";
import { descent, fully, network, squaredError } from "./small-networks.fixture.js";

/** Plays epochs with these validation losses; the parameters are the number of the epoch. */
function play(callback: Callback, losses: readonly number[]) {
  let now = 0;
  let stopped: number | undefined;
  let message: string | undefined;
  const factors: number[] = [];
  const control: RunControl = {
    history: [],
    rateFactor: 1,
    stop: (why) => {
      stopped ??= now;
      message = why;
    },
    readParameters: () => ({ w: Float32Array.of(now) }),
    writeParameters: (values) => {
      now = values.w![0]!;
    },
  };
  const hooks = callback(control);
  for (const loss of losses) {
    if (stopped !== undefined) break;
    now++;
    const learningRate = 0.1 * control.rateFactor;
    hooks.onEpoch?.({
      epoch: now,
      loss: 0,
      metrics: { accuracy: loss },
      validation: { loss },
      learningRate,
      seconds: 0,
    });
    factors.push(control.rateFactor);
  }
  hooks.onEnd?.("completed");
  return { stopped, parameters: now, message, factors };
}

describe("earlyStopping, by the rules of Keras", () => {
  it.each([
    ["stops when as many epochs as patience were no better", { patience: 2 }, [5, 4, 4, 4.5, 3], 4],
    ["counts from the last improvement", { patience: 2 }, [5, 6, 4, 6, 6, 1], 5],
    ["stops at the first epoch that is no better without patience", {}, [5, 4, 4, 3], 3],
    ["never stops in the first epoch", { patience: 0 }, [Number.NaN, 1, 2, 3], 3],
    [
      "takes only changes above minDelta for improvements",
      { patience: 2, minDelta: 0.5 },
      [5, 4.6, 4.5, 4.4],
      3,
    ],
    ["wants the baseline beaten, too", { patience: 2, baseline: 3 }, [5, 4, 4, 4], 3],
    ["does not look before startEpoch", { patience: 1, startEpoch: 4 }, [1, 2, 3, 4, 5], 5],
    ["goes on while it gets better", { patience: 1 }, [5, 4, 3, 2, 1], undefined],
  ])("%s", (_, options, losses, epoch) => {
    expect(play(earlyStopping(options), losses).stopped).toBe(epoch);
  });

  it("goes up in mode max", () => {
    const options = { monitor: "accuracy", mode: "max", patience: 1 } as const;
    expect(play(earlyStopping(options), [0.1, 0.2, 0.3, 0.3, 1]).stopped).toBe(4);
  });

  it("restores the best parameters, also when it did not end the run", () => {
    expect(play(earlyStopping({ patience: 2 }), [5, 3, 4, 4]).parameters).toBe(2);
    expect(play(earlyStopping({ patience: 9 }), [5, 3, 4, 4]).parameters).toBe(2);
    expect(play(earlyStopping({ patience: 2, restoreBest: false }), [5, 3, 4, 4]).parameters).toBe(4);
    expect(play(earlyStopping({ patience: 9 }), [Number.NaN, Number.NaN]).parameters).toBe(1);
  });

  it("says why", () => {
    expect(play(earlyStopping({ patience: 2 }), [5, 3, 4, 4]).message).toMatchInlineSnapshot(
      `"validation.loss was best in epoch 2, 2 epochs before; the parameters of epoch 2 are restored."`,
    );
  });

  it("starts anew in every run", () => {
    const callback = earlyStopping({ patience: 1 });
    expect(play(callback, [1, 2]).stopped).toBe(2);
    expect(play(callback, [5, 4, 5]).stopped).toBe(3);
  });

  it("wants something that exists, and a mode for metrics", () => {
    expect(() => play(earlyStopping({ monitor: "validation.f1", mode: "max" }), [1])).toThrow(
      '[earlyStopping] expected one of loss, accuracy, validation.loss to monitor, received "validation.f1".',
    );
    const hooks = earlyStopping()({} as RunControl);
    expect(() => hooks.onEpoch?.({ epoch: 1, loss: 1, metrics: {}, learningRate: 1, seconds: 1 })).toThrow(
      'expected one of loss to monitor, received "validation.loss". Give fit validation data.',
    );
    expect(() => earlyStopping({ monitor: "accuracy" })).toThrow('a mode, "min" or "max", for "accuracy"');
    expect(() => earlyStopping({ monitor: "val_loss" })).toThrow(
      'The values of validation are called "validation.loss".',
    );
  });

  it("leaves a model with the parameters of its best epoch", () => {
    const model = new Model(network([1], [1], fully(1)), { backend: interpreter });
    const data = { inputs: [0, 1, 2, 3], targets: [1, 3, 5, 7] };
    // The validation data follow another line: their loss falls first and rises later.
    const validation = { inputs: [0, 1], targets: [1, 2] };
    const states: Record<string, Float32Array>[] = [];
    const run = model.fitSync(data, {
      loss: squaredError,
      optimizer: descent(0.02),
      epochs: 500,
      validation,
      callbacks: [
        earlyStopping({ patience: 3 }),
        (control) => ({ onEpoch: () => void states.push(control.readParameters()) }),
      ],
    });
    expect(run.status).toBe("stopped");
    const losses = run.history.map((event: EpochEvent) => event.validation!.loss);
    const best = losses.indexOf(Math.min(...losses));
    expect(losses).toHaveLength(best + 4);
    expect(model.parameters).toEqual(states[best]);
    expect(model.evaluate(validation).loss).toBe(losses[best]);
  });
});

describe("reduceOnPlateau, by the rules of Keras", () => {
  it.each([
    [
      "reduces after patience epochs, again and again",
      { patience: 2, factor: 0.5 },
      [5, 5, 5, 5, 5],
      [1, 1, 0.5, 0.5, 0.25],
    ],
    [
      "starts counting after an improvement",
      { patience: 2, factor: 0.5 },
      [5, 5, 4, 4, 4],
      [1, 1, 1, 1, 0.5],
    ],
    ["takes changes below minDelta for none", { patience: 1, factor: 0.5 }, [5, 4.99995], [1, 0.5]],
    // Resting takes away the epoch after a reduction, but not the one in which the rest ends.
    [
      "rests after a reduction",
      { patience: 1, factor: 0.5, cooldown: 2 },
      [5, 5, 5, 5, 5],
      [1, 0.5, 0.5, 0.25, 0.25],
    ],
    [
      "stops at the smallest rate",
      { patience: 1, factor: 0.5, minRate: 0.04 },
      [5, 5, 5, 5],
      [1, 0.5, 0.4, 0.4],
    ],
  ])("%s", (_, options, losses, expected) => {
    expect(play(reduceOnPlateau(options), losses).factors).toEqual(
      expected.map((factor) => expect.closeTo(factor, 10)),
    );
  });
});

describe("options that make no sense are refused", () => {
  it.each([
    [{ patience: -1 }, "a whole number of at least 0 as patience, received -1."],
    [{ patience: 1.5 }, "a whole number of at least 0 as patience, received 1.5."],
    [{ patience: "3" }, 'a number as patience, received "3".'],
    [{ minDelta: -0.1 }, "a finite number of at least 0 as minDelta, received -0.1."],
    [{ minDelta: Number.NaN }, "a finite number of at least 0 as minDelta, received NaN."],
    [{ baseline: "0.5" }, 'a finite number as baseline, received "0.5".'],
    [{ startEpoch: 0 }, "a whole number of at least 1 as startEpoch, received 0."],
    [{ restoreBest: "no" }, 'a boolean as restoreBest, received "no".'],
    [{ monitor: null }, "a name to monitor, received null."],
  ])("earlyStopping(%o)", (options, message) => {
    expect(() => earlyStopping(options as never)).toThrow(`[earlyStopping] expected ${message}`);
  });

  it.each([
    [{ factor: 1 }, "a factor between 0 and 1, received 1."],
    [{ factor: 0 }, "a factor between 0 and 1, received 0."],
    [{ factor: Number.NaN }, "a factor between 0 and 1, received NaN."],
    [{ patience: -1 }, "a whole number of at least 0 as patience, received -1."],
    [{ cooldown: 0.5 }, "a whole number of at least 0 as cooldown, received 0.5."],
    [{ minRate: -1 }, "a finite number of at least 0 as minRate, received -1."],
    [{ minDelta: Infinity }, "a finite number of at least 0 as minDelta, received Infinity."],
  ])("reduceOnPlateau(%o)", (options, message) => {
    expect(() => reduceOnPlateau(options as never)).toThrow(`[reduceOnPlateau] expected ${message}`);
  });

  it("and so are factories that were not called", () => {
    for (const factory of [earlyStopping, reduceOnPlateau])
      expect(() => play(factory as never, [1])).toThrow(
        `[fit] expected a callback, received the function ${factory.name}. Call it: ${factory.name}(..).`,
      );
  });
});
