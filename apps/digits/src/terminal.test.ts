import { expect, test } from "vitest";
import { duration, Stopwatch } from "./stopwatch.js";
import { openTerminal } from "./terminal.js";
import { trainingProgress } from "./training-progress.js";

function recorder(stream: { isTTY?: boolean; hasColors?: () => boolean } = {}) {
  const written: string[] = [];
  return { written, terminal: openTerminal({ ...stream, write: (text) => written.push(text) }) };
}
const steps = (epoch: number) =>
  Array.from({ length: 20 }, (_, i) => ({ epoch, step: i + 1, steps: 20, loss: 1 / (i + 1) }));

test("without a screen there are plain lines at each quarter of an epoch", () => {
  const { written, terminal } = recorder();
  const show = trainingProgress(terminal, 2);
  for (const step of [...steps(1), ...steps(2)]) show(step);
  expect(written).toHaveLength(6);
  expect(written.map((text) => text.slice(0, 9))).toEqual([
    ...Array(3).fill("epoch 1/2"),
    ...Array(3).fill("epoch 2/2"),
  ]);
  expect(written[1]).toContain(" 50 %");
  expect(written.some((text) => text.includes("\u001b") || text.includes("\r"))).toBe(false);
});

test("on a screen the line moves, and lines that stay take its place", () => {
  const { written, terminal } = recorder({ isTTY: true });
  const show = trainingProgress(terminal, 1);
  for (const step of steps(1)) show(step);
  expect(written).toHaveLength(20);
  expect(written.every((text) => text.startsWith("\r\u001b[K") && !text.endsWith("\n"))).toBe(true);
  terminal.line("done");
  terminal.line("more");
  expect(written.slice(20)).toEqual(["\r\u001b[Kdone\n", "more\n"]);
});

test("the loss that is shown is smooth", () => {
  const { written, terminal } = recorder({ isTTY: true });
  const show = trainingProgress(terminal, 1);
  for (let step = 1; step <= 200; step++) show({ epoch: 1, step, steps: 1000, loss: step % 2 });
  const shown = written.map((text) => Number(/loss (.*)$/.exec(text)?.[1]));
  expect(shown.slice(-50).every((loss) => Math.abs(loss - 0.5) < 0.2)).toBe(true);
});

test("only terminals with colours get them", () => {
  expect(recorder({ isTTY: true, hasColors: () => true }).terminal.paint("red", "x")).toBe(
    "\u001b[31mx\u001b[39m",
  );
  expect(recorder({ isTTY: true, hasColors: () => false }).terminal.paint("red", "x")).toBe("x");
  expect(recorder({ hasColors: () => true }).terminal.paint("red", "x")).toBe("x");
});

test("a stopwatch adds up the parts of a program, also of one that fails", async () => {
  let clock = 0;
  const watch = new Stopwatch(() => clock);
  const work = (time: number) => () => {
    clock += time;
    return time;
  };
  expect(await watch.time("load", work(40))).toBe(40);
  await watch.time("training", async () => work(1500)());
  await watch.time("load", work(5));
  await expect(
    watch.time("test", () => {
      work(7)();
      throw new Error("x");
    }),
  ).rejects.toThrow("x");
  expect(watch.milliseconds("load")).toBe(45);
  expect(watch.lines()).toEqual(["load          45 ms", "training      1.5 s", "test         7.0 ms"]);
});

test("durations have a unit that fits", () => {
  expect([0.256, 9.86, 10, 999.4, 61000].map(duration)).toEqual([
    "0.26 ms",
    "9.9 ms",
    "10 ms",
    "999 ms",
    "61.0 s",
  ]);
});
