import { interpreter } from "@myelin/compiler";
import { streamOf, type Tensor, uniform } from "@myelin/tensor";
import { expect, it } from "vitest";
import { optimizerState } from "./optimizer-state.js";
import { readParameters } from "./parameters.js";
import { prepare } from "./prepare.js";
import { openSession } from "./session.js";
import { applied, descent, momentum, network, small, squaredError } from "./small-networks.fixture.js";
import { timeSlice } from "./time-slice.js";
import { startTrainer, type Trainer } from "./trainer.js";
import { runNow } from "./work.js";

/** Each step adds one random number to the only parameter. */
function drawing() {
  const layer = {
    ...applied(
      "draw",
      ({ input, random, parameters }) =>
        input.multiply(0).add((parameters.sum as Tensor).multiply(random([1]))) as Tensor,
    ),
    parameters: () => ({
      sum: { shape: [1], initializer: { ...small, generate: () => new Float32Array(1) } },
    }),
  };
  const loss = { ...squaredError, perRow: (predictions: Tensor) => predictions.reshape([-1]) as Tensor };
  return { net: network([1], [1], layer), loss };
}

function trainerOf(definition = descent(-1)): Trainer {
  const { net, loss } = drawing();
  const session = openSession(net, interpreter, 5);
  const optimizer = optimizerState(definition, session.trained, session.device);
  const control = { rateFactor: 1 };
  const options = { loss, optimizer, metrics: [], batchSize: 1, seed: 5, shuffle: true, control };
  const trainer = startTrainer(session, options);
  load(trainer, 5);
  trainer.beginEpoch(0);
  return trainer;
}

function load(trainer: Trainer, rows: number): void {
  const column = Array.from({ length: rows }, () => 0);
  const { session, loss } = trainer;
  const set = prepare(session, { inputs: column, targets: column }, loss, "test");
  runNow(trainer.load(set, timeSlice()));
}

const sumOf = ({ session }: Trainer) => readParameters(session)["draw_1/sum"]![0]!;

it("counts steps beyond 32 bits: a call ends where the low word wraps", () => {
  const trainer = trainerOf();
  trainer.session.steps = 2 ** 32 - 2;
  expect(trainer.advance(5).steps).toBe(2);
  expect(trainer.session.steps).toBe(2 ** 32);
  expect(trainer.advance(5).steps).toBe(3);
  const stream = streamOf("draw_1#0");
  const draws = [-2, -1]
    .map((low) => uniform(5, stream, 0, low))
    .concat([0, 1, 2].map((low) => uniform(5, stream, 0, low, 1)));
  expect(sumOf(trainer)).toBeCloseTo(
    draws.reduce((a, b) => a + b),
    5,
  );
});

it("goes back to a snapshot, optimizer, random numbers, order and all", () => {
  const trainer = trainerOf(momentum(-1));
  trainer.advance(3);
  const snapshot = trainer.save();
  trainer.advance(5);
  trainer.beginEpoch(1);
  trainer.advance(2);
  const after = sumOf(trainer);
  trainer.restore(snapshot);
  expect(trainer.at).toEqual({ epoch: 0, step: 3, row: 3 });
  expect(trainer.session.steps).toBe(3);
  trainer.advance(5);
  trainer.beginEpoch(1);
  trainer.advance(2);
  expect(sumOf(trainer)).toBe(after);
});

it("gives memory of data of other shapes back, and uses that of the same shape again", () => {
  const trainer = trainerOf();
  const released: string[] = [];
  const { device } = trainer.session;
  const release = device.release.bind(device);
  device.release = (variable) => {
    released.push(variable.toString());
    release(variable);
  };
  load(trainer, 5);
  expect(released).toEqual([]);
  load(trainer, 7);
  expect(released).toHaveLength(3);
  trainer.beginEpoch(0);
  expect(trainer.advance(10).steps).toBe(7);
});
