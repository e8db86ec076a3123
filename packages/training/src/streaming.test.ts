import { type Backend, type Device, interpreter } from "@myelin/compiler";
import { type Tensor, tanh } from "@myelin/tensor";
import { describe, expect, it } from "vitest";
import { type DataSet, type FitOptions, Model } from "./index.js";
import {
  fully,
  logistic,
  momentum,
  network,
  rootSquaredError,
  squaredError,
} from "./small-networks.fixture.js";

const rows = Array.from({ length: 11 }, (_, row) => row / 10);
const whole = { inputs: rows, targets: rows.map((x) => x * x) };
const make = () => new Model(network([1], [1], fully(3, tanh), fully(1)), { backend: interpreter });
const options = (): FitOptions => ({
  loss: squaredError,
  optimizer: momentum(0.05),
  metrics: [rootSquaredError],
  epochs: 3,
  batchSize: 4,
  shuffle: false,
});

/** The rows in batches of 4, 4 and 3; tells when it is left. */
function batches(
  left: () => void = () => {},
  data: { inputs: number[]; targets: number[] | string[] } = whole,
) {
  return {
    async *[Symbol.asyncIterator](): AsyncGenerator<DataSet> {
      try {
        for (let start = 0; start < rows.length; start += 4)
          yield {
            inputs: data.inputs.slice(start, start + 4),
            targets: data.targets.slice(start, start + 4),
          };
      } finally {
        left();
      }
    },
  };
}

it("trains on batches as they come like on all of the data without shuffling", async () => {
  const [streamed, resident] = [make(), make()];
  const a = await streamed.fit(batches(), { ...options(), validation: whole });
  const b = await resident.fit(whole, { ...options(), validation: whole });
  expect(streamed.parameters).toEqual(resident.parameters);
  const comparable = ({ history }: typeof a) => history.map((event) => ({ ...event, seconds: 0 }));
  expect(comparable(a)).toEqual(comparable(b));
});

it("weighs classes of batches, and refuses weights of rows that it cannot know", async () => {
  const labeled = { ...whole, targets: rows.map((_, row) => (row % 3 === 0 ? "a" : "b")) };
  const weighing = (): FitOptions => ({ ...options(), loss: logistic, metrics: [], classWeights: { a: 5 } });
  const [streamed, resident] = [make(), make()];
  await streamed.fit(batches(undefined, labeled), weighing());
  resident.fitSync(labeled, weighing());
  expect(streamed.parameters).toEqual(resident.parameters);
  await expect(make().fit(batches(), { ...options(), sampleWeights: [1, 2] })).rejects.toThrow(
    "[fit] expected data in memory beside sampleWeights, received batches as they come. Use classWeights.",
  );
});

it("closes the source when the run ends early", async () => {
  let closed = 0;
  const run = make().fit(
    batches(() => closed++),
    { ...options(), onStep: ({ step }, control) => step === 2 && control.stop() },
  );
  expect(await run).toMatchObject({ status: "stopped", history: [] });
  expect(closed).toBe(1);
});

it.each(["abort", "stop", "leave"] as const)(
  "does not wait for a batch that never comes: %s",
  async (way) => {
    async function* stalled(): AsyncGenerator<DataSet> {
      yield { inputs: [[0], [1]], targets: [0, 1] };
      await new Promise(() => {});
    }
    const controller = new AbortController();
    const run = make().fit(
      { [Symbol.asyncIterator]: stalled },
      { ...options(), epochs: 2, signal: controller.signal },
    );
    setTimeout(() => {
      if (way === "abort") controller.abort();
      if (way === "stop") run.stop();
      if (way === "leave") void run[Symbol.asyncIterator]().return?.();
    }, 5);
    expect((await run).status).toBe(way === "abort" ? "aborted" : "stopped");
  },
);

it("waits for slow batches, and an abort ends the wait with the next one", async () => {
  const controller = new AbortController();
  let asked = 0;
  const slow = {
    async *[Symbol.asyncIterator](): AsyncGenerator<DataSet> {
      for (;;) {
        asked++;
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (asked === 3) controller.abort();
        yield whole;
      }
    },
  };
  expect((await make().fit(slow, { ...options(), signal: controller.signal })).status).toBe("aborted");
  expect(asked).toBe(3);
});

it("wants batches that can be iterated again", async () => {
  const once = batches()[Symbol.asyncIterator]();
  await expect(make().fit({ [Symbol.asyncIterator]: () => once }, options())).rejects.toThrow(
    "[fit] expected batches that can be iterated in every epoch, received no batch in epoch 2.",
  );
});

it("passes errors of the source and of its data on, and the model stays usable", async () => {
  const model = make();
  const failing = {
    async *[Symbol.asyncIterator](): AsyncGenerator<DataSet> {
      yield whole;
      throw new Error("disk");
    },
  };
  await expect(model.fit(failing, options())).rejects.toThrow("disk");
  let closed = false;
  const broken = {
    async *[Symbol.asyncIterator](): AsyncGenerator<DataSet> {
      try {
        yield { inputs: [Number.NaN], targets: [1] };
      } finally {
        closed = true;
      }
    },
  };
  await expect(model.fit(broken, options())).rejects.toThrow("row 0, column 0");
  expect(closed).toBe(true);
  expect((await model.fit(whole, options())).status).toBe("completed");
});

it("cannot cut validation data off, nor be waited for synchronously", async () => {
  await expect(make().fit(batches(), { ...options(), validation: { split: 0.1 } })).rejects.toThrow(
    "validation data beside batches",
  );
  const model = make();
  expect(() => model.fitSync(batches() as never, options())).toThrow(
    "[fitSync] expected nothing to wait for, received a promise. Use fit.",
  );
  expect(model.fitSync(whole, options()).status).toBe("completed");
});

it("lets the event loop turn where batches are always there", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await make().fit(batches(), { ...options(), epochs: 3000 });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(1);
});

describe("memory", () => {
  /** Batches of so many rows each. */
  const sized = (sizes: readonly number[]) => ({
    async *[Symbol.asyncIterator](): AsyncGenerator<DataSet> {
      for (const size of sizes) yield first(size);
    },
  });
  const first = (size: number): DataSet => {
    const column = Array.from({ length: size }, (_, row) => row / size);
    return { inputs: column, targets: column };
  };
  /** A model, the variables in its memory, and how many programs were compiled for it. */
  const watched = () => {
    const variables = new Set<Tensor>();
    const compiled = { count: 0 };
    const open = (): Device => {
      const device = interpreter.open();
      return {
        ...device,
        compile(program) {
          compiled.count++;
          return device.compile(program);
        },
        write(variable, ...rest) {
          variables.add(variable);
          device.write(variable, ...rest);
        },
        release(variable) {
          variables.delete(variable);
          device.release(variable);
        },
      };
    };
    const backend: Backend = { ...interpreter, open };
    return { model: new Model(network([1], [1], fully(1)), { backend }), variables, compiled };
  };
  const many = Array.from({ length: 40 }, (_, index) => index + 1);
  const once = (): FitOptions => ({ ...options(), metrics: [], epochs: 1 });

  it("is that of the data alone once data in memory follow a stream", async () => {
    const [after, alone] = [watched(), watched()];
    const same = once();
    await after.model.fit(sized(many), same);
    await after.model.fit(first(10), same);
    await alone.model.fit(first(10), same);
    expect(after.variables.size).toBe(alone.variables.size);
  });

  it("does not grow with the sizes of batches", async () => {
    const { model, variables } = watched();
    const same = once();
    await model.fit(sized(many.slice(0, 8)), same);
    const few = variables.size;
    await model.fit(sized(many), same);
    expect(variables.size).toBe(few);
  });

  it.each([
    ["loss", () => ({ loss: { ...squaredError } })],
    ["optimizer", () => ({ optimizer: momentum(0.05) })],
  ])("of batches is given back when the %s changes", async (_, change) => {
    const [after, alone] = [watched(), watched()];
    const same = once();
    await after.model.fit(sized([5, 6, 7]), same);
    await after.model.fit(sized([4]), { ...same, ...change() });
    await alone.model.fit(sized([4]), same);
    expect(after.variables.size).toBe(alone.variables.size);
  });

  it("keeps the programs of predictions, also where every call makes its loss anew", () => {
    const { model, compiled } = watched();
    const rows = [[1], [2]];
    for (let call = 0; call < 3; call++) {
      model.predict(rows);
      model.predict(rows, { probabilities: true, loss: { ...logistic } });
      model.predict(Uint8Array.of(1, 2), { probabilities: true, loss: { ...logistic } });
    }
    expect(compiled.count).toBe(3);
  });

  it("does not take the link of one loss for that of another", () => {
    class Scaled {
      readonly name = "scaled";
      readonly config = { kind: "scaled" };
      readonly targets = "values";
      readonly perRow = squaredError.perRow;
      readonly factor: number;
      constructor(factor: number) {
        this.factor = factor;
      }
      link(predictions: Tensor): Tensor {
        return predictions.multiply(this.factor);
      }
    }
    const { model } = watched();
    const [plain] = model.predict([1]) as [number];
    const scaled = (factor: number) => model.predict([1], { probabilities: true, loss: new Scaled(factor) });
    for (const factor of [2, 3, 2]) expect(scaled(factor)).toEqual([expect.closeTo(factor * plain, 5)]);
    const logits = { ...squaredError, link: (predictions: Tensor) => predictions.add(1) };
    const [one] = model.predict([1], { probabilities: true, loss: logits }) as [number];
    expect(one).toBeCloseTo(plain + 1, 5);
  });

  it("keeps the programs of sizes that come again", async () => {
    const { model, compiled } = watched();
    await model.fit(sized([4, 4, 3, 4, 2, 3]), { ...once(), epochs: 3 });
    expect(compiled.count).toBe(3);
  });
});
