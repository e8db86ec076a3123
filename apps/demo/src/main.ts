import { activationNames } from "./activations.js";
import { Controls } from "./controls.js";
import { type Diagnosis, diagnose, explainDivergence } from "./diagnosis.js";
import { element } from "./element.js";
import { History } from "./history.js";
import { listenToKeys } from "./keys.js";
import { makePoints, type Sample } from "./points.js";
import type { Report, Speed } from "./protocol.js";
import { readSettings, type Settings, writeSettings } from "./settings.js";
import { TrainingClient } from "./training-client.js";
import { View } from "./view.js";

let settings: Settings = readSettings(location.hash, activationNames);
let sample: Sample = makePoints(settings);
let history = new History();
let frame: Extract<Report, { type: "frame" }> | undefined;
/** How a run ended, if it did not simply stop. */
let ending: Diagnosis | undefined;
let isRunning = false;

const view = new View();
const client = new TrainingClient(receive);
const controls = new Controls(settings, (changed) => {
  location.replace(`#${writeSettings(changed)}`);
  restart(changed);
});
const speed = element("speed", HTMLSelectElement);

element("run", HTMLButtonElement).addEventListener("click", toggle);
element("step", HTMLButtonElement).addEventListener("click", step);
element("reset", HTMLButtonElement).addEventListener("click", reset);
speed.addEventListener("change", () => client.setSpeed(speed.value as Speed));
listenToKeys({ " ": toggle, s: step, r: reset });
globalThis.addEventListener("hashchange", () => {
  if (location.hash === `#${writeSettings(settings)}`) return;
  const changed = readSettings(location.hash, activationNames);
  controls.show(changed);
  restart(changed);
});
// Nobody looks: no need to keep the machine warm.
document.addEventListener("visibilitychange", () => {
  if (!isRunning) return;
  if (document.hidden) client.pause();
  else client.run();
});
restart(settings);

function receive(report: Report): void {
  if (report.type === "frame") {
    frame = report;
    for (const measurement of report.measurements) history.add(measurement);
  } else {
    isRunning = false;
    ending =
      report.type === "diverged"
        ? explainDivergence(report.epoch, settings)
        : { tone: "warning", text: `Something went wrong: ${report.message}` };
  }
  show();
}

/** New settings, a new network; a run goes on with it. */
function restart(changed: Settings): void {
  if (changed.data !== settings.data || changed.noise !== settings.noise || changed.seed !== settings.seed)
    sample = makePoints(changed);
  settings = changed;
  history = new History();
  ending = undefined;
  client.reset(settings, speed.value as Speed);
  if (isRunning) client.run();
  show();
}

function reset(): void {
  isRunning = false;
  restart(settings);
}

function toggle(): void {
  isRunning = !isRunning;
  ending = undefined;
  if (isRunning) client.run();
  else client.pause();
  show();
}

function step(): void {
  isRunning = false;
  ending = undefined;
  client.step();
  show();
}

function show(): void {
  view.show({
    activation: settings.activation,
    sample,
    frame,
    measurements: history.measurements,
    last: history.last,
    diagnosis: ending ?? diagnose(history, settings),
    isRunning,
  });
}
