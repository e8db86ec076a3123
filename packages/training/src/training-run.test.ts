import { interpreter } from "@myelin/compiler";
import { tanh } from "@myelin/tensor";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type EpochEvent, type FitOptions, Model } from "./index.js";
import { descent, fully, network, rootSquaredError, squaredError } from "./small-networks.fixture.js";

const data = { inputs: [0, 1, 2, 3], targets: [1, 3, 5, 7] };
const options: FitOptions = { loss: squaredError, optimizer: descent(0.01), epochs: 5 };
/** So many epochs that a run spans many time slices. */
const long: FitOptions = { ...options, epochs: 1_000_000 };

const make = () => new Model(network([1], [1], fully(2, tanh), fully(1)), { backend: interpreter });
const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("a run", () => {
  it("starts on the next microtask, not in the call", async () => {
    let started = false;
    const callback = () => {
      started = true;
      return {};
    };
    const run = make().fit(data, { ...options, callbacks: [callback] });
    expect(started).toBe(false);
    await Promise.resolve();
    expect(started).toBe(true);
    await run;
  });

  it("is a promise of its result", async () => {
    const run = make().fit(data, options);
    const order: string[] = [];
    const result = await run.finally(() => order.push("settled")).then((value) => value);
    expect(result).toMatchObject({ status: "completed", engine: "interpreter" });
    expect(result.message).toBeUndefined();
    expect(result.history).toBe(run.history);
    expect(result.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5]);
    expect(order).toEqual(["settled"]);
  });

  it("is an iterable of its epochs, which keeps those that nobody has read", async () => {
    const run = make().fit(data, options);
    await run;
    const read: EpochEvent[] = [];
    for await (const event of run) read.push(event);
    expect(read).toEqual(run.history);
    expect(read[0]).toMatchObject({ epoch: 1, metrics: {}, learningRate: 0.01 });
  });

  it("can be iterated and awaited at once", async () => {
    const run = make().fit(data, { ...options, epochs: 2000 });
    const epochs: number[] = [];
    const reading = (async () => {
      for await (const { epoch } of run) epochs.push(epoch);
    })();
    const [result] = await Promise.all([run, reading]);
    expect(epochs).toEqual(result.history.map(({ epoch }) => epoch));
    expect(epochs).toHaveLength(2000);
  });

  it("stops when its reader leaves", async () => {
    const model = make();
    const run = model.fit(data, long);
    for await (const { epoch } of run) if (epoch === 3) break;
    const result = await run;
    expect(result.status).toBe("stopped");
    // At the epoch that the reader saw, with its weights.
    expect(result.history).toHaveLength(3);
    const straight = make();
    straight.fitSync(data, { ...long, epochs: 3 });
    expect(model.parameters).toEqual(straight.parameters);
    // It is over: the next one may begin.
    expect((await model.fit(data, options)).status).toBe("completed");
  });

  it("stops when its reader leaves before the first epoch, and tells that reader no more", async () => {
    const run = make().fit(data, long);
    const reader = run[Symbol.asyncIterator]();
    await later(20);
    expect(await reader.return?.()).toEqual({ done: true, value: undefined });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
    expect((await run).status).toBe("stopped");
  });

  it("tells its reader about an epoch before it makes the next one, also through a generator", async () => {
    async function* losses(run: AsyncIterable<EpochEvent>) {
      for await (const { loss } of run) yield loss;
    }
    const run = make().fit(data, { ...options, epochs: 50 });
    const behind: number[] = [];
    let read = 0;
    for await (const _ of losses(run)) behind.push(run.history.length - ++read);
    expect(behind).toEqual(behind.map(() => 0));
    expect(read).toBe(50);
  });

  it("goes on while its reader does something else", async () => {
    const run = make().fit(data, { ...options, epochs: 3000 });
    for await (const { epoch } of run) {
      if (epoch > 1) break;
      // Not for ever, as it would if the run waited for its reader.
      await run;
    }
    expect(run.history).toHaveLength(3000);
    const reader = make().fit(data, options);
    await reader[Symbol.asyncIterator]().next();
    expect((await reader).status).toBe("completed");
  });

  it("stops when told to", async () => {
    const run = make().fit(data, long);
    await later(20);
    run.stop();
    expect((await run).status).toBe("stopped");
  });

  it("stops when a callback says so, with its message", async () => {
    const result = await make().fit(data, {
      ...long,
      onEpoch: ({ epoch }, control) => epoch === 4 && control.stop("Enough."),
    });
    expect(result).toMatchObject({ status: "stopped", message: "Enough." });
    expect(result.history).toHaveLength(4);
  });

  it("tells callbacks about its epochs and its end, and gives each run its own", async () => {
    const told: string[] = [];
    let runs = 0;
    const watcher = () => {
      const run = ++runs;
      return {
        onEpoch: ({ epoch }: EpochEvent) => void told.push(`${run}: ${epoch}`),
        onEnd: (status: string) => void told.push(`${run}: ${status}`),
      };
    };
    const model = make();
    await model.fit(data, { ...options, epochs: 2, callbacks: [watcher] });
    await model.fit(data, { ...options, epochs: 1, callbacks: [watcher] });
    expect(told).toEqual(["1: 1", "1: 2", "1: completed", "2: 1", "2: completed"]);
  });

  it("reports its steps with the mean loss between two reports", () => {
    const steps: unknown[] = [];
    const { history } = make().fitSync(data, {
      ...options,
      epochs: 1,
      batchSize: 1,
      onStep: ({ epoch, step, steps: all, loss }) => steps.push({ epoch, step, all, loss }),
    });
    const last = steps.at(-1) as { epoch: number; step: number; all: number };
    expect(last).toMatchObject({ epoch: 1, step: 4, all: 4 });
    expect((steps[0] as { step: number }).step).toBe(1);
    expect(history).toHaveLength(1);
  });
});

describe("an async callback", () => {
  it("is waited for before the next step", async () => {
    const told: string[] = [];
    const wait = (what: string) => async () => {
      told.push(`${what} begins`);
      await later(2);
      told.push(`${what} ends`);
    };
    const callbacks = [() => ({ onEpoch: wait("hook"), onEnd: wait("end") })];
    const both = { callbacks, onEpoch: wait("option"), onStep: wait("step") };
    expect(await make().fit(data, { ...options, ...both, epochs: 2 })).toMatchObject({ status: "completed" });
    const epoch = ["step begins", "step ends", "hook begins", "hook ends", "option begins", "option ends"];
    expect(told).toEqual([...epoch, ...epoch, "end begins", "end ends"]);
  });

  it("may take its time to stop the run", async () => {
    const onEpoch: FitOptions["onEpoch"] = async (_, control) => {
      await later(2);
      control.stop("Enough.");
    };
    const { status, message, history } = await make().fit(data, { ...long, onEpoch });
    expect([status, message, history.length]).toEqual(["stopped", "Enough.", 1]);
  });

  it("does not keep an aborted run", async () => {
    const controller = new AbortController();
    const run = make().fit(data, {
      ...long,
      signal: controller.signal,
      onEpoch: () => new Promise(() => setTimeout(() => controller.abort(), 2)),
    });
    expect((await run).status).toBe("aborted");
  });

  it("is refused where nothing can wait", () => {
    const model = make();
    expect(() => model.fitSync(data, { ...options, onEpoch: async () => {} })).toThrow(
      "[fitSync] expected nothing to wait for, received a promise. Use fit.",
    );
    expect(model.fitSync(data, options).status).toBe("completed");
  });
});

describe("parameters that are set during a run", () => {
  const start = { "fully_1/kernel": [0.5, -0.5], "fully_2/bias": [1] };

  it("are what its next step starts from", async () => {
    const apart = make();
    apart.fitSync(data, { ...options, epochs: 1 });
    apart.setParameters(start);
    apart.fitSync(data, { ...options, epochs: 2 });
    const outside = make();
    for await (const { epoch } of outside.fit(data, { ...options, epochs: 3 }))
      if (epoch === 1) outside.setParameters(start);
    const inside = make();
    const onEpoch: FitOptions["onEpoch"] = ({ epoch }, control) => {
      if (epoch === 1) control.writeParameters(start);
    };
    await inside.fit(data, { ...options, epochs: 3, onEpoch });
    expect(outside.parameters).toEqual(apart.parameters);
    expect(inside.parameters).toEqual(apart.parameters);
    const undisturbed = make();
    await undisturbed.fit(data, { ...options, epochs: 3 });
    expect(undisturbed.parameters).not.toEqual(apart.parameters);
  });

  it("are what a run that diverges at once goes back to", async () => {
    const model = make();
    const huge = { "fully_2/bias": [3e38] };
    let set: Record<string, Float32Array> = {};
    const onEpoch = ({ epoch }: EpochEvent) => {
      if (epoch !== 2) return;
      model.setParameters(huge);
      set = model.parameters;
    };
    expect((await model.fit(data, { ...options, onEpoch })).status).toBe("diverged");
    expect(model.parameters).toEqual(set);
  });
});

describe("an AbortSignal", () => {
  it("ends a run in the middle", async () => {
    const controller = new AbortController();
    const onEpoch = ({ epoch }: EpochEvent) => {
      if (epoch === 1) setTimeout(() => controller.abort(), 20);
    };
    const result = await make().fit(data, { ...long, onEpoch, signal: controller.signal });
    expect(result.status).toBe("aborted");
    expect(result.history.length).toBeGreaterThan(0);
  });

  it("that was aborted before lets nothing begin", async () => {
    const model = make();
    const before = model.parameters;
    const result = await model.fit(data, { ...long, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ status: "aborted", history: [] });
    expect(model.parameters).toEqual(before);
  });

  it("ends a paused run", async () => {
    const controller = new AbortController();
    const run = make().fit(data, { ...long, signal: controller.signal });
    run.pause();
    setTimeout(() => controller.abort(), 20);
    expect(await run).toMatchObject({ status: "aborted", history: [] });
  });
});

describe("the event loop", () => {
  it("turns while a run is under way", async () => {
    const run = make().fit(data, long);
    let isOver = false;
    run.finally(() => {
      isOver = true;
    });
    // However busy the machine is, the run is long enough for a few timers.
    for (let turn = 0; turn < 5; turn++) await later(1);
    expect(isOver).toBe(false);
    run.stop();
    expect((await run).status).toBe("stopped");
  });

  it("turns every few milliseconds", async () => {
    // A clock that moves when somebody looks at it, and not with what else the machine does.
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now++);
    const run = make().fit(data, { ...options, epochs: 3000 });
    const gaps: number[] = [];
    for (let last = now; run.history.length < 3000; last = now) {
      await new Promise(setImmediate);
      gaps.push(now - last);
    }
    await run;
    // Slices are 12 ms, and nothing looks away for as long as that.
    expect(Math.max(...gaps)).toBeLessThan(24);
    expect(gaps.length).toBeGreaterThan(100);
  });

  it("may be evaluated in the middle of its validation, which keeps its own count", async () => {
    // Every look at the clock is a turn of the event loop.
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => {
      now += 20;
      return now;
    });
    const many = Array.from({ length: 1000 }, (_, i) => i / 100);
    const validation = { inputs: many, targets: many };
    const validated = async (metrics?: FitOptions["metrics"]) => {
      const model = make();
      let isOver = false;
      const run = model.fit(data, { ...options, metrics: [rootSquaredError], epochs: 3, validation });
      const done = run.then(() => {
        isOver = true;
      });
      while (!isOver) {
        await new Promise(setImmediate);
        if (metrics) model.evaluate(data, { loss: squaredError, metrics });
      }
      await done;
      return run.history.map((event) => event.validation);
    };
    const alone = await validated();
    expect(await validated([rootSquaredError])).toEqual(alone);
    expect(await validated([])).toEqual(alone);
  });

  it("rests while a run is paused, and goes on afterwards as if nothing had been", async () => {
    const paused = make();
    const run = paused.fit(data, { ...options, epochs: 3000 });
    await later(5);
    run.pause();
    await later(40);
    const epochs = run.history.length;
    expect(epochs).toBeLessThan(3000);
    const weights = paused.parameters;
    await later(40);
    expect(run.history).toHaveLength(epochs);
    expect(paused.parameters).toEqual(weights);
    expect(paused.predict([[1]])).toHaveLength(1);
    run.resume();
    expect((await run).history).toHaveLength(3000);
    const straight = make();
    straight.fitSync(data, { ...options, epochs: 3000 });
    expect(paused.parameters).toEqual(straight.parameters);
  });
});

describe("an error", () => {
  const unhandled: unknown[] = [];
  const remember = (error: unknown) => unhandled.push(error);
  beforeEach(() => {
    unhandled.length = 0;
    process.on("unhandledRejection", remember);
  });
  afterEach(() => {
    process.off("unhandledRejection", remember);
  });
  const broken = { inputs: [0, Number.NaN], targets: [1, 2] };

  it("rejects the promise and the iteration, and is not unhandled where nobody looks", async () => {
    make().fit(broken, options);
    await expect(make().fit(broken, options)).rejects.toThrow("row 1, column 0");
    const run = make().fit(broken, options);
    await expect(
      (async () => {
        for await (const _ of run);
      })(),
    ).rejects.toThrow("row 1, column 0");
    await later(10);
    expect(unhandled).toEqual([]);
  });

  it("in a callback ends the run, and the model can be trained again", async () => {
    const model = make();
    const run = model.fit(data, {
      ...options,
      onEpoch: ({ epoch }) => {
        if (epoch === 2) throw new Error("mine");
      },
    });
    const read: number[] = [];
    await expect(
      (async () => {
        for await (const { epoch } of run) read.push(epoch);
      })(),
    ).rejects.toThrow("mine");
    expect(read).toEqual([1, 2]);
    await expect(run).rejects.toThrow("mine");
    expect((await model.fit(data, options)).status).toBe("completed");
  });

  it("is what an async callback rejects with, wherever it is called", async () => {
    const wrong = async () => {
      await later(1);
      throw new Error("mine");
    };
    const places: Partial<FitOptions>[] = [
      { onEpoch: wrong },
      { onStep: wrong },
      { callbacks: [() => ({ onEpoch: wrong })] },
      { callbacks: [() => ({ onEnd: wrong })] },
    ];
    for (const place of places) {
      const model = make();
      const run = model.fit(data, { ...options, ...place });
      await expect(run).rejects.toThrow("mine");
      // The first of five epochs, or the last where only the end is told.
      expect(run.history).toHaveLength(
        "onStep" in place
          ? 0
          : "onEpoch" in place || place.callbacks?.[0]?.(undefined as never).onEpoch
            ? 1
            : 5,
      );
      expect((await model.fit(data, options)).status).toBe("completed");
    }
    expect(unhandled).toEqual([]);
  });

  it("of an async callback is not lost where the run was stopped meanwhile", async () => {
    // Those of the test runner would take it for an error of this test.
    const others = process.listeners("unhandledRejection").filter((listener) => listener !== remember);
    for (const listener of others) process.off("unhandledRejection", listener);
    try {
      const run = make().fit(data, {
        ...options,
        onEpoch: async () => {
          await later(1);
          run.stop();
          await run;
          throw new Error("late");
        },
      });
      expect(await run).toMatchObject({ status: "stopped", history: [{ epoch: 1 }] });
      await later(10);
      expect(unhandled).toEqual([new Error("late")]);
    } finally {
      for (const listener of others) process.on("unhandledRejection", listener);
    }
  });

  it("is a second run beside the first", async () => {
    const model = make();
    const first = model.fit(data, options);
    expect(() => model.fitSync(data, options)).toThrow("a model that is not in training");
    await expect(model.fit(data, options)).rejects.toThrow(
      "[fit] expected a model that is not in training, received one that is. Await or stop its run.",
    );
    expect((await first).status).toBe("completed");
  });
});
