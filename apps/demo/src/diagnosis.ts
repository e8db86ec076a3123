import type { History } from "./history.js";
import type { Settings } from "./settings.js";

export interface Diagnosis {
  readonly tone: "good" | "neutral" | "warning";
  readonly text: string;
}

/** The loss of always answering "one half". */
const GUESSING: number = Math.LN2;
/** Before that, slow progress is no sign. */
const PATIENCE = 60;

/** What to say about a run, in plain words; undefined while there is nothing to say. */
export function diagnose(history: History, settings: Settings): Diagnosis | undefined {
  const { last, first } = history;
  if (last === undefined || first === undefined || last.epoch === 0) return undefined;
  const { loss, testLoss, accuracy, testAccuracy } = last;
  const memorizes =
    last.epoch >= PATIENCE && testLoss > 1.5 * history.bestTestLoss && testLoss > 2 * loss && testLoss > 0.1;
  if (memorizes)
    return warning(
      "It learns by heart: it gets better on points that it sees and worse on those that it does not. Fewer nodes, less noise or a stop at the lowest dashed line help.",
    );
  if (testAccuracy >= 0.97 && testLoss < 0.15)
    return {
      tone: "good",
      text: `Learned: ${percent(testAccuracy)} of the points that it never saw are right.`,
    };
  if (last.epoch < PATIENCE) return undefined;
  if (jumps(history))
    return warning(
      "The loss jumps up and down: each step overshoots. A smaller learning rate or a larger batch calms it.",
    );
  const recent = history.recent(0.5);
  const gain = (recent[0]?.loss ?? loss) - loss;
  if (gain > 0.02 * loss) return undefined;
  if (loss > 0.93 * GUESSING)
    return warning(`It does not learn: it is no better than guessing. ${whyNot(settings)}`);
  if (accuracy < 0.93) return warning(`It is stuck at ${percent(accuracy)}. ${whyNot(settings)}`);
  return undefined;
}

/** What to say after a run whose loss stopped being finite. */
export function explainDivergence(epoch: number, { learningRate }: Settings): Diagnosis {
  return warning(
    `It blew up in epoch ${epoch}: the steps were so large that the loss is not a number any more. The weights from just before are back. Try a learning rate below ${learningRate}.`,
  );
}

/** The likeliest reason why it is stuck, and what to try. */
function whyNot({ activation, hidden, data, learningRate, optimizer }: Settings): string {
  if (hidden.length > 0 && activation === "step")
    return "The step function is flat: its derivative is 0 everywhere, so no hidden layer hears about its mistakes. Choose another activation.";
  if (data !== "blobs" && hidden.length === 0)
    return "Without a hidden layer it can only draw a straight line. Add a layer.";
  if (data !== "blobs" && activation === "identity")
    return "Layers without an activation between them are one straight line. Choose another activation.";
  const isAdaptive = optimizer === "adam" || optimizer === "adamW" || optimizer === "rmsprop";
  if (learningRate <= (isAdaptive ? 0.001 : 0.03))
    return "Its steps are very small. Try a larger learning rate.";
  if (learningRate >= (isAdaptive ? 0.3 : 3)) return "Its steps are very large. Try a smaller learning rate.";
  if (hidden.length > 0 && Math.min(...hidden) < 3)
    return "A layer with one or two nodes lets little through. Add nodes.";
  return "Try more nodes, another activation, or another seed: some first weights are unlucky.";
}

/** Whether the loss of the last epochs goes up as much as down, and far. */
function jumps(history: History): boolean {
  const recent = history.recent(0.3).map(({ loss }) => loss);
  if (recent.length < 12) return false;
  const mean = recent.reduce((sum, loss) => sum + loss, 0) / recent.length;
  const moves = recent.slice(1).map((loss, i) => loss - (recent[i] ?? loss));
  const size = moves.reduce((sum, move) => sum + Math.abs(move), 0) / moves.length;
  const ups = moves.filter((move) => move > 0).length / moves.length;
  return mean > 0.15 && size > 0.25 * mean && ups > 0.3;
}

function warning(text: string): Diagnosis {
  return { tone: "warning", text };
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
