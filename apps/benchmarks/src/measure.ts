import type { Contender } from "./contender.js";
import { Opponent } from "./opponent.js";
import { measurePeak } from "./peak.js";
import { type Summary, summarize } from "./statistics.js";
import type { Workload } from "./workloads.js";

/** One round takes about this long, in seconds; */
const ROUND = 0.25;
/** and before the first, everyone warms up for so long. */
const WARM_UP = 1;
/** Proofs may differ by this share. */
const TOLERANCE = 1e-3;

export interface Result {
  readonly contender: string;
  /** Seconds per step. */
  readonly seconds: Summary;
  readonly rounds: number;
  readonly stepsPerRound: number;
  /** Mean loss over the first steps, or what else every library must agree on. */
  readonly proof: number;
  /** Whether it equals that of most others; undefined where it cannot. */
  readonly agrees: boolean | undefined;
  /** Mean loss over the last round: what the timed steps led to. */
  readonly last: number;
  readonly differs: string | undefined;
}

export interface Failure {
  readonly contender: string;
  readonly failure: string;
}

export interface Measured {
  readonly workload: Workload;
  /** Operations a second that one core can do: the most that it did between the rounds. */
  readonly peak: number;
  readonly results: readonly Result[];
  readonly failures: readonly Failure[];
}

/** Everyone in a process of their own, warm, in rounds that interleave: so a machine that slows down slows all. */
export async function measure(
  workload: Workload,
  contenders: readonly Contender[],
  rounds: number,
  report: (line: string) => void,
): Promise<Measured> {
  const failures: Failure[] = [];
  const runs: Run[] = [];
  const attempt = async (contender: Contender, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      failures.push({ contender: contender.name, failure });
      report(`  ${contender.name} failed: ${failure.split("\n")[0]}`);
    }
  };
  for (const contender of contenders.filter((each) => each.supports(workload))) {
    await attempt(contender, async () => {
      const run = await warmUp(await Opponent.start(contender, workload), workload);
      report(`  ${contender.name}: proof ${run.proof.toPrecision(7)}`);
      runs.push(run);
    });
  }
  let peak = 0;
  for (let round = 0; round < rounds; round++) {
    peak = Math.max(peak, measurePeak());
    for (const run of runs) {
      await attempt(run.opponent.contender, async () => {
        const { seconds, steps } = await run.opponent.step(run.steps);
        run.times.push(seconds / steps);
        run.stepsPerRound = steps;
        run.last = await run.opponent.proof();
      });
    }
  }
  for (const run of runs) run.opponent.quit();
  return { workload, peak, results: judge(workload, runs), failures };
}

interface Run {
  readonly opponent: Opponent;
  readonly proof: number;
  /** Asked for in each round, and done (whole epochs). */
  readonly steps: number;
  stepsPerRound: number;
  readonly times: number[];
  last: number;
}

async function warmUp(opponent: Opponent, workload: Workload): Promise<Run> {
  if (workload.kind === "training") await opponent.prove(workload.proofSteps);
  else await opponent.step(1);
  const proof = await opponent.proof();
  let wanted = 1;
  for (let spent = 0; spent < WARM_UP; ) {
    const { seconds, steps } = await opponent.step(wanted);
    spent += Math.max(seconds, 1e-4);
    wanted = Math.max(1, Math.min(wanted * 8, Math.round((ROUND * steps) / Math.max(seconds, 1e-9))));
  }
  return { opponent, proof, steps: wanted, stepsPerRound: wanted, times: [], last: Number.NaN };
}

function judge(workload: Workload, runs: readonly Run[]): readonly Result[] {
  const differs = (run: Run) => run.opponent.contender.differs?.(workload);
  const comparable = runs.filter((run) => differs(run) === undefined).map((run) => run.proof);
  const agreed = comparable.length > 1 ? summarize(comparable).median : undefined;
  return runs
    .filter((run) => run.times.length > 0)
    .map((run) => ({
      contender: run.opponent.contender.name,
      seconds: summarize(run.times),
      rounds: run.times.length,
      stepsPerRound: run.stepsPerRound,
      proof: run.proof,
      agrees:
        agreed === undefined || differs(run) !== undefined
          ? undefined
          : Math.abs(run.proof - agreed) <= TOLERANCE * Math.abs(agreed),
      last: run.last,
      differs: differs(run),
    }));
}
