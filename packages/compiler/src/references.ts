import type { Tensor } from "@myelin/tensor";
import { Body } from "./body.js";
import type { Analysis, Computed } from "./computed.js";
import { ExpressionWriter, type Path } from "./expression.js";
import { leafStorage } from "./leaf-storage.js";
import { isMovement, type View } from "./view.js";

/** A computed node or a leaf that a member reads, and how its positions walk it; no view: in no fusible way. */
export interface Reference {
  readonly node: Tensor;
  readonly view: View | undefined;
}

/** Writes the member's expression into a body that is thrown away, to see what it reads and how. */
export function referencesOf({ node, kind }: Computed, analysis: Analysis): Reference[] {
  const references: Reference[] = [];
  const writer = new ExpressionWriter({
    body: new Body(),
    storageOf: (tensor) => analysis.of.get(tensor) ?? leafStorage(tensor),
    computed: (tensor, view) => {
      references.push({ node: tensor, view });
      return undefined;
    },
  });
  if (kind === "contraction") {
    for (const operand of node.inputs)
      references.push({ node: operandBase(operand, analysis), view: undefined });
  } else if (kind === "row" || kind === "column") {
    writer.write(node.inputs[0] as Tensor, identity);
  } else if (kind === "accumulate") {
    for (const operand of node.inputs) writer.write(operand, identity);
  } else {
    writer.define(node, identity);
  }
  // Data-dependent rows (tables of gathers) are loads, too.
  return [...references, ...tablesBelow(node, analysis)];
}

const identity: Path = { move: (view) => view, next: undefined };

function tablesBelow(root: Tensor, analysis: Analysis): Reference[] {
  const found: Reference[] = [];
  const seen = new Set<Tensor>();
  const visit = (node: Tensor): void => {
    if (seen.has(node) || (node !== root && analysis.of.has(node))) return;
    seen.add(node);
    if (node.op === "gather") found.push({ node: node.inputs[0] as Tensor, view: undefined });
    for (const input of node.inputs) visit(input);
  };
  visit(root);
  return found;
}

/** What a contraction's operand is a view of. */
function operandBase(operand: Tensor, analysis: Analysis): Tensor {
  let base = operand;
  while (isMovement(base) && !analysis.of.has(base)) base = base.inputs[0] as Tensor;
  return base;
}
