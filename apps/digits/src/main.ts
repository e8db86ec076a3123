import { accessSync, constants, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { MissingPackageError, mnist } from "@myelin/data/mnist";
import {
  accuracy,
  adam,
  crossEntropy,
  dense,
  fromBytes,
  Model,
  relu,
  rescaling,
  sequential,
  toBytes,
} from "myelin";
import { beside } from "./beside.js";
import { confusionTable, countConfusions } from "./confusion-table.js";
import { drawDigit } from "./draw-digit.js";
import { type Options, readOptions, UsageError, usage, wantedAccuracy } from "./options.js";
import { sameBits } from "./same-bits.js";
import { duration, Stopwatch } from "./stopwatch.js";
import { openTerminal } from "./terminal.js";
import { trainingProgress } from "./training-progress.js";
import { boldMistakes, rightOnes, type Verdict, verdicts } from "./verdicts.js";

const terminal = openTerminal(process.stdout);
const watch = new Stopwatch();
const batchSize = 32;

try {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") terminal.line(usage);
  else process.exitCode = await main(options);
} catch (error) {
  terminal.line();
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

/** Trains, tests, saves and loads; answers with the exit code. */
async function main(options: Options): Promise<number> {
  const file = resolve(options.output);
  // Better now than after the training.
  accessSync(dirname(file), constants.W_OK);
  const { train, test } = await watch.time("reading the images", () => ({
    train: mnist.train,
    test: mnist.test,
  }));
  const model = new Model(
    sequential([784], rescaling(1 / 255), dense(options.hidden, { activation: relu }), dense(10)),
    { seed: options.seed },
  );
  title(`Learning to read digits from ${count(train.targets.data.length)} examples`);
  terminal.line(model.summary());
  terminal.line();

  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort());
  const run = await watch.time("training", () =>
    model.fit(train, {
      loss: crossEntropy({ fromLogits: true }),
      optimizer: adam({ learningRate: 1e-3 }),
      metrics: [accuracy],
      epochs: options.epochs,
      batchSize,
      signal: interrupt.signal,
      onStep: trainingProgress(terminal, options.epochs),
      onEpoch({ epoch, loss, metrics, seconds }) {
        const scores = `loss ${loss.toFixed(4)}  accuracy ${percent(metrics.accuracy)}`;
        terminal.line(`epoch ${epoch}/${options.epochs}  ${scores}  ${duration(seconds * 1000)}`);
      },
    }),
  );
  if (run.status !== "completed") {
    terminal.line(`Training ended early (${run.status}). ${run.message ?? ""}`);
    return run.status === "aborted" ? 130 : 1;
  }

  const scores = await watch.time("testing", () => model.evaluate(test));
  title(`Test on ${count(test.targets.data.length)} digits that the network has never seen`);
  terminal.line(
    `loss ${scores.loss.toFixed(4)}  accuracy ${terminal.paint("bold", percent(scores.accuracy))}`,
  );

  const outputs = await watch.time("predicting them", () => model.predict(test.inputs).data);
  const probabilities = model.predict(test.inputs, { probabilities: true }).data;
  const all = verdicts(probabilities, test.targets.data);
  title("Which digit (row) was read as which (column)");
  for (const line of confusionTable(countConfusions(all, 10))) terminal.line(line);
  title("Read right");
  draw(rightOnes(all, 5));
  title("Read wrong, though most certain");
  draw(boldMistakes(all, 5));

  title("Saved and loaded again");
  const size = await watch.time("saving", () => {
    const bytes = toBytes(model);
    writeFileSync(file, bytes);
    return bytes.length;
  });
  const loaded = await watch.time("loading", () => fromBytes(readFileSync(file)));
  const same = sameBits(loaded.predict(test.inputs).data, outputs);
  terminal.line(`${file} (${(size / 1000).toFixed(0)} kB)`);
  if (same)
    terminal.line(good(`The loaded network gives the same ${count(outputs.length)} outputs, bit for bit.`));
  else terminal.line(bad("The loaded network gives other outputs than the one that was saved."));

  title("Times");
  for (const line of watch.lines()) terminal.line(line);
  const steps = options.epochs * Math.ceil(train.targets.data.length / batchSize);
  const perStep = duration(watch.milliseconds("training") / steps);
  const perImage = duration(millisecondsPerImage((pixels) => model.predict(pixels)));
  terminal.line(
    `Per training step of ${batchSize} images ${perStep}, per image to predict ${perImage} (${model.engine}).`,
  );

  const wanted = wantedAccuracy(options);
  const reached = scores.accuracy as number;
  const enough = wanted === undefined || reached >= wanted;
  if (!enough) {
    terminal.line();
    terminal.line(bad(`Test accuracy should be at least ${percent(wanted)}, but is ${percent(reached)}.`));
  }
  return same && enough ? 0 : 1;
}

/** One image at a time, as a program that reads digits would. The first call is left out: it compiles. */
function millisecondsPerImage(predict: (pixels: Uint8Array) => unknown): number {
  predict(image(0));
  const start = performance.now();
  for (let index = 0; index < 500; index++) predict(image(index));
  return (performance.now() - start) / 500;
}

function draw(some: readonly Verdict[]): void {
  const pictures = some.map(({ index, truth, predicted, probability }) => {
    const verdict = truth === predicted ? `${truth}` : `${truth} read as ${predicted}`;
    return [...drawDigit(image(index), 28), verdict, `${(probability * 100).toFixed(1)} % sure`];
  });
  for (const line of beside(pictures, 14, terminal.columns)) terminal.line(line);
}

/** The pixels of a test image. */
function image(index: number): Uint8Array {
  return mnist.test.inputs.data.subarray(index * 784, (index + 1) * 784);
}

function title(text: string): void {
  terminal.line();
  terminal.line(terminal.paint("bold", text));
}

function good(text: string): string {
  return terminal.paint("green", text);
}

function bad(text: string): string {
  return terminal.paint("red", text);
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function percent(share: unknown): string {
  return `${((share as number) * 100).toFixed(2)} %`;
}

/** What people can mend (options, files, a missing package) is said in a line; anything else is a bug and keeps its stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`;
  const mendable = error instanceof MissingPackageError || "syscall" in error;
  return mendable ? error.message : (error.stack ?? error.message);
}
