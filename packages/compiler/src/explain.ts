import { type CompileOptions, compileWithStages, type Step } from "./compile.js";
import { printProgram } from "./print.js";
import { printGraph } from "./print-graph.js";

/** Every stage of a compilation as text: the simplified graph, why kernels were put together, kernels and memory. */
export function explainStep(step: Step, options?: CompileOptions): string {
  const { graph, reasons, program } = compileWithStages(step, options);
  return [
    `graph of ${step.name}:`,
    printGraph(graph),
    "grouping:",
    ...reasons.map((reason) => `  ${reason}`),
    printProgram(program),
  ].join("\n");
}
