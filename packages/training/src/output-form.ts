import { input, type Loss, type OpName, type Tensor, want } from "@myelin/tensor";
import { infer, type Session } from "./session.js";

const views: readonly OpName[] = ["reshape", "permute", "expand", "slice"];

/**
 * Refuses a network that ends in logits where the loss reads probabilities, and the other way round: training would go on
 * without a word and learn little. Only what the last operations prove is refused; losses without `fromLogits` take anything.
 */
export function wantOutputForm(session: Session, { name, config }: Loss, operation: string): void {
  const { fromLogits } = config;
  if (typeof fromLogits !== "boolean") return;
  session.outputForm ??= formOf(infer(session, input("row", [1, ...session.network.inputShape])));
  const form = session.outputForm;
  const wanted = fromLogits ? "logits" : "probabilities";
  want(
    form === wanted || form === "either",
    operation,
    `a network that ends in ${wanted} for ${name}`,
    `one that ends in ${form}`,
    fromLogits
      ? `Leave the last activation out, or use ${name}() without fromLogits.`
      : `Use ${name}({ fromLogits: true }), or end the network in softmax or sigmoid.`,
  );
}

/** What the outputs of a network are, as far as its last operations tell. */
export type OutputForm = "logits" | "probabilities" | "either";

/** Sums of products with raw parameters have no bounds; a sigmoid or softmax has. Anything else may be either. */
function formOf(output: Tensor): OutputForm {
  const last = behindViews(output);
  const operands = last.inputs.map(behindViews);
  const isSum = last.op === "add" && operands.some(isProduct) && operands.some(isParameter);
  if (isSum || isProduct(last)) return "logits";
  const [numerator, denominator] = operands;
  const isSoftmax =
    last.op === "divide" &&
    numerator?.op === "exp" &&
    denominator?.op === "sum" &&
    denominator.inputs[0] === numerator;
  return isSoftmax || last.op === "sigmoid" ? "probabilities" : "either";
}

function isProduct({ op, inputs }: Tensor): boolean {
  return op === "contract" && inputs.map(behindViews).some(isParameter);
}

function isParameter({ op }: Tensor): boolean {
  return op === "parameter";
}

function behindViews(tensor: Tensor): Tensor {
  return views.includes(tensor.op) ? behindViews(tensor.inputs[0] as Tensor) : tensor;
}
