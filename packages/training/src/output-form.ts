import { ArgumentError, input, type Loss, type OpName, type Tensor } from "@myelin/tensor";
import type { Session } from "./session.js";

const views: ReadonlySet<OpName> = new Set(["reshape", "permute", "expand", "slice"]);

/**
 * Refuses a network that ends in logits where the loss reads probabilities, and the other way round: training would go on
 * without a word and learn little. Only what the last operations prove is refused; losses without `fromLogits` take anything.
 */
export function wantOutputForm(session: Session, loss: Loss, operation: string): void {
  const { fromLogits } = loss.config;
  if (typeof fromLogits !== "boolean" || session.fittingLosses.has(loss)) return;
  const form = formOf(session.infer(input("row", [1, ...session.network.inputShape])));
  const wanted = fromLogits ? "logits" : "probabilities";
  if (form !== undefined && form !== wanted) {
    const hint = fromLogits
      ? `Leave the last activation out, or use ${loss.name}() without fromLogits.`
      : `Use ${loss.name}({ fromLogits: true }), or end the network in softmax or sigmoid.`;
    throw new ArgumentError(
      operation,
      `a network that ends in ${wanted} for ${loss.name}`,
      `one that ends in ${form}`,
      hint,
    );
  }
  session.fittingLosses.add(loss);
}

/** Sums of products with raw parameters have no bounds; a sigmoid or softmax has. Anything else may be either. */
function formOf(output: Tensor): "logits" | "probabilities" | undefined {
  const last = behindViews(output);
  const operands = last.inputs.map(behindViews);
  if (isProduct(last)) return "logits";
  if (last.op === "add" && operands.some(isProduct) && operands.some(isParameter)) return "logits";
  const [numerator, denominator] = operands;
  const isSoftmax =
    last.op === "divide" &&
    numerator?.op === "exp" &&
    denominator?.op === "sum" &&
    denominator.inputs[0] === numerator;
  return last.op === "sigmoid" || isSoftmax ? "probabilities" : undefined;
}

function isProduct({ op, inputs }: Tensor): boolean {
  return op === "contract" && inputs.map(behindViews).some(isParameter);
}

function isParameter({ op }: Tensor): boolean {
  return op === "parameter";
}

function behindViews(tensor: Tensor): Tensor {
  let source = tensor;
  while (views.has(source.op)) source = source.inputs[0] as Tensor;
  return source;
}
