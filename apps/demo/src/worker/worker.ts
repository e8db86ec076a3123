/** Trains, away from the page. Between two frames it hears commands; a reset ends what runs, at once. */
import type { Command, Measurement, Report } from "../protocol.js";
import { Pace } from "./pace.js";
import { Trainee } from "./trainee.js";

interface Scope {
  onmessage: ((event: MessageEvent<Command>) => void) | null;
  postMessage(report: Report, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
const pace = new Pace();

interface Current {
  readonly trainee: Trainee;
  readonly generation: number;
  readonly stopping: AbortController;
  running: boolean;
  /** A loop is on its way; it looks at `running` after each frame. */
  busy: boolean;
}

let current: Current | undefined;

scope.onmessage = ({ data: command }) => {
  if (command.type === "reset") {
    current?.stopping.abort();
    pace.speed = command.speed;
    reset(command);
  } else if (command.type === "speed") pace.speed = command.speed;
  else if (current !== undefined) {
    current.running = command.type === "run";
    if (command.type !== "pause") loop(current, command.type === "step");
  }
};

function reset({ generation, settings }: Extract<Command, { type: "reset" }>): void {
  try {
    const trainee = new Trainee(settings);
    current = { trainee, generation, stopping: new AbortController(), running: false, busy: false };
    postFrame(current, [trainee.measure()], undefined);
  } catch (error) {
    current = undefined;
    scope.postMessage({ type: "failed", generation, message: String(error) }, []);
  }
}

/** Frame after frame as long as it runs; just one epoch with `once`. */
async function loop(session: Current, once: boolean): Promise<void> {
  if (session.busy) return;
  session.busy = true;
  try {
    let goesOn = true;
    for (let first = true; goesOn && (session.running || (first && once)); first = false) {
      goesOn = await frame(session, once ? 1 : pace.epochs);
    }
  } catch (error) {
    scope.postMessage({ type: "failed", generation: session.generation, message: String(error) }, []);
  }
  session.busy = false;
}

/** False when training is over: diverged, or replaced by another. */
async function frame(session: Current, epochs: number): Promise<boolean> {
  const { trainee, generation, stopping } = session;
  const start = performance.now();
  const measurements: Measurement[] = [];
  const result = await trainee.train(epochs, stopping.signal, (measurement) =>
    measurements.push(measurement),
  );
  if (stopping.signal.aborted) return false;
  const { frame } = pace;
  const worked = performance.now() - start;
  pace.learn(epochs, worked);
  const rest = frame - worked;
  // At least one turn of the event loop, in which commands arrive.
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, rest)));
  if (stopping.signal.aborted) return false;
  const seconds = (performance.now() - start) / 1000;
  postFrame(session, measurements, (measurements.length * trainee.stepsPerEpoch) / seconds);
  if (result.status !== "diverged") return true;
  session.running = false;
  scope.postMessage(
    { type: "diverged", generation, epoch: trainee.epoch + 1, message: result.message ?? "" },
    [],
  );
  return false;
}

function postFrame(
  session: Current,
  measurements: readonly Measurement[],
  stepsPerSecond: number | undefined,
): void {
  const { trainee, generation } = session;
  const field = trainee.field();
  const layers = trainee.layers();
  scope.postMessage({ type: "frame", generation, measurements, field, layers, stepsPerSecond }, [
    field.buffer,
  ]);
}
