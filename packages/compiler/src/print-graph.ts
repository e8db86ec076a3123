import { inOrder, type Tensor } from "@myelin/tensor";
import { isFilled, valueOfFilled } from "./simplify.js";
import { isMovement } from "./view.js";

/** A graph as text, one line per node, inputs before users. Constants of one value are written where they are used. */
export function printGraph(outputs: readonly Tensor[]): string {
  const numbers = new Map<Tensor, number>();
  const lines: string[] = [];
  const name = (node: Tensor): string => {
    const value = valueOfFilled(node);
    return value === undefined ? `t${numbers.get(node)}` : String(value);
  };
  for (const node of inOrder(outputs)) {
    if (isFilled(node)) continue;
    numbers.set(node, numbers.size);
    const details = printAttributes(node);
    const operands = [...node.inputs.map(name), ...(details === "" ? [] : [details])].join(", ");
    const origins = node.origins.size === 0 ? "" : `  (${[...node.origins].join(", ")})`;
    lines.push(`  ${name(node)} = ${node.op}(${operands}) ${node.dtype}[${node.shape.join(", ")}]${origins}`);
  }
  return [...lines, `  results: ${outputs.map(name).join(", ")}`].join("\n");
}

const unprinted = ["shape", "dtype", "rewrites"];

function printAttributes(node: Tensor): string {
  // A movement's target is its result's shape, which is printed anyway.
  if (node.op === "reshape" || node.op === "expand" || node.op === "iota") return "";
  if (node.op === "constant") return `${node.shape.length === 0 ? "scalar" : "array"}`;
  const entries = Object.entries(node.attributes).filter(([key]) => !unprinted.includes(key));
  const text = entries.map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(" ");
  return isMovement(node) ? text.replace(/^[a-z]+ /, "") : text;
}
