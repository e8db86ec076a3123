import type { Address, Instruction, Kernel, Operand, Program } from "./program.js";

/** A program as text: buffers with their places, then kernels in order. Stable, so it can be a snapshot. */
export function printProgram(program: Program): string {
  const buffers = program.buffers.map(({ name, dtype, shape, place }, i) => {
    const where = place.kind === "scratch" ? `arena +${place.byteOffset}` : place.kind;
    return `  b${i} ${name} ${dtype}[${shape.join(", ")}] ${where}`;
  });
  const kernels = program.kernels.map((kernel, i) => printKernel(kernel, i));
  const ends = (ports: Readonly<Record<string, number>>) =>
    Object.entries(ports)
      .map(([name, buffer]) => `${name}=b${buffer}`)
      .join(" ");
  return [
    `program ${program.name}: ${program.kernels.length} kernels, ${program.scratchBytes} bytes of scratch`,
    `inputs: ${ends(program.inputs) || "none"}; outputs: ${ends(program.outputs) || "none"}`,
    "buffers:",
    ...buffers,
    ...kernels,
  ].join("\n");
}

/** One kernel as text: its loops, then one line per value and store. */
export function printKernel(kernel: Kernel, index: number): string {
  const origins = kernel.origins.length === 0 ? "" : `  (${kernel.origins.join(", ")})`;
  const lines = [`kernel ${index}: ${kernel.family} [${kernel.extents.join(", ")}]${origins}`];
  if (kernel.contraction !== undefined) {
    const { extents, left, right } = kernel.contraction;
    lines.push(`  sum over [${extents.join(", ")}] of ${printOperand(left)} x ${printOperand(right)}`);
  }
  kernel.body.forEach((instruction, value) => {
    lines.push(`  %${value} = ${printInstruction(instruction)}`);
  });
  for (const { address, value, accumulate } of kernel.stores) {
    lines.push(`  ${printAddress(address)} ${accumulate === true ? "+=" : "="} %${value}`);
  }
  return lines.join("\n");
}

function printInstruction(instruction: Instruction): string {
  switch (instruction.op) {
    case "constant":
      return `${instruction.type} ${instruction.value}`;
    case "index":
      return `index ${instruction.offset} + [${instruction.strides.join(", ")}]`;
    case "load":
      return `load ${printAddress(instruction.address)}`;
    case "compare":
      return `${instruction.comparison} %${instruction.left} %${instruction.right}`;
    case "select":
      return `select %${instruction.condition} %${instruction.then} %${instruction.otherwise}`;
    case "cast":
      return `cast ${instruction.type} %${instruction.input}`;
    case "reduce":
      return `reduce ${instruction.reduction} %${instruction.input}`;
    case "random":
      return `random ${instruction.stream} %${instruction.seed} %${instruction.stepLow} %${instruction.stepHigh} %${instruction.element}`;
    case "accumulator":
      return "accumulator";
    default:
      return "left" in instruction
        ? `${instruction.op} %${instruction.left} %${instruction.right}`
        : `${instruction.op} %${instruction.input}`;
  }
}

function printAddress({ buffer, offset, strides, indirect }: Address): string {
  const row = indirect === undefined ? "" : ` + %${indirect.value} x ${indirect.stride}`;
  return `b${buffer}[${offset} + (${strides.join(", ")})${row}]`;
}

function printOperand({ buffer, offset, strides, contractedStrides }: Operand): string {
  return `b${buffer}[${offset} + (${strides.join(", ")}) k(${contractedStrides.join(", ")})]`;
}
