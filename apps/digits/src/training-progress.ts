import { progressBar } from "./progress-bar.js";
import type { Terminal } from "./terminal.js";

/** Where a run stands, as `fit` tells it. */
export interface Step {
  readonly epoch: number;
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
}

/**
 * Shows training as it goes: a bar that moves where there is a screen, elsewhere a line at each quarter of an epoch.
 * The loss shown is smoothed over the last tenth of an epoch or so; that of single steps jumps.
 */
export function trainingProgress(terminal: Terminal, epochs: number): (step: Step) => void {
  let last = { epoch: 0, step: 0, quarter: 0 };
  let smooth: number | undefined;
  return ({ epoch, step, steps, loss }) => {
    if (epoch !== last.epoch) last = { epoch, step: 0, quarter: 0 };
    const weight = Math.min(1, (step - last.step) / (0.1 * steps));
    smooth = smooth === undefined ? loss : smooth + weight * (loss - smooth);
    const share = step / steps;
    const quarter = Math.floor(share * 4);
    const text = `epoch ${epoch}/${epochs}  ${progressBar(share, 24)} ${`${Math.floor(share * 100)}`.padStart(3)} %  loss ${smooth.toFixed(4)}`;
    if (terminal.live) terminal.status(text);
    // The end of an epoch has a line of its own.
    else if (quarter > last.quarter && quarter < 4) terminal.line(text);
    last = { epoch, step, quarter };
  };
}
