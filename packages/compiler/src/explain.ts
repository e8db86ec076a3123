import { type CompileOptions, compileSimplified, type Step, simplifiedRoots } from "./compile.js";
import { isNumber } from "./fusion.js";
import type { Group } from "./group.js";
import type { Member } from "./member.js";
import { printProgram } from "./print.js";
import { printGraph } from "./print-graph.js";

/** Every stage of a compilation as text: the simplified graph, why kernels were put together, kernels and memory. */
export function explainStep(step: Step, options: CompileOptions = {}): string {
  const graph = simplifiedRoots(step, options);
  let reasons: string[] = [];
  const program = compileSimplified(step, graph, options, () => {
    reasons = [];
    return (...groups) => reasons.push(reasonOf(...groups));
  });
  return [
    `graph of ${step.name}:`,
    printGraph(graph),
    "grouping:",
    ...reasons.map((reason) => `  ${reason}`),
    printProgram(program),
  ].join("\n");
}

function reasonOf(later: Group, earlier: Group, producer?: Member): string {
  if (producer !== undefined) {
    const newest = later.members.at(-1) as Member;
    return `${nameOf(newest)} joins ${describe(earlier)}: it reads ${nameOf(producer)} where it is computed`;
  }
  const common =
    isNumber(later) && isNumber(earlier) ? "both compute single numbers" : "they walk the same operand";
  return `${describe(later)} joins ${describe(earlier)}: ${common}`;
}

function nameOf({ node, id }: Member): string {
  return `${node.op} #${id}`;
}

function describe({ family, extents, members }: Group): string {
  return `the ${family} [${extents.join(", ")}] of ${members.map(nameOf).join(", ")}`;
}
