import { invariant } from "@myelin/tensor";
import { type Address, ALIGNMENT, type Kernel, type Operand, type Program, SPARE_BYTES } from "./program.js";
import { operandsOf } from "./walk.js";

/** Checks what every backend relies on: values before uses, addresses inside their buffers, buffers inside the arena. */
export function verify(program: Program): void {
  program.kernels.forEach((kernel, index) => {
    const where = `kernel ${index} of ${program.name}`;
    kernel.body.forEach((instruction, value) => {
      for (const operand of operandsOf(instruction))
        invariant(operand < value, `${where} uses value ${operand} before it exists`);
      if (instruction.op === "load") verifyAddress(program, kernel, instruction.address, where);
      if (instruction.op === "reduce")
        invariant(
          kernel.family === "row" || kernel.family === "column",
          `${where} reduces in a ${kernel.family}`,
        );
    });
    invariant(kernel.stores.length > 0, `${where} stores nothing`);
    for (const { address, value } of kernel.stores) {
      invariant(value < kernel.body.length, `${where} stores a value that does not exist`);
      verifyAddress(program, kernel, address, where);
    }
    invariant(
      (kernel.family === "contraction") === (kernel.contraction !== undefined),
      `${where} is half a contraction`,
    );
    if (kernel.contraction !== undefined) {
      for (const operand of [kernel.contraction.left, kernel.contraction.right])
        verifyOperand(program, kernel, operand, where);
    }
  });
  for (const { name, place, elements, dtype } of program.buffers) {
    if (place.kind !== "scratch") continue;
    const bytes = elements * (dtype === "u8" ? 1 : 4);
    const inside =
      place.byteOffset % ALIGNMENT === 0 && place.byteOffset + bytes + SPARE_BYTES <= program.scratchBytes;
    invariant(inside, `buffer ${name} of ${program.name} leaves the arena`);
  }
}

function verifyAddress(program: Program, kernel: Kernel, address: Address, where: string): void {
  // A data-dependent row adds at most (rows - 1) strides; the rest has to fit into one row.
  const { indirect } = address;
  const elements = program.buffers[address.buffer]?.elements ?? 0;
  verifyWalk(
    address.offset,
    kernel.extents,
    address.strides,
    indirect === undefined ? elements : indirect.stride,
    where,
  );
}

function verifyOperand(program: Program, kernel: Kernel, operand: Operand, where: string): void {
  const extents = [...kernel.extents, ...(kernel.contraction as { extents: readonly number[] }).extents];
  verifyWalk(
    operand.offset,
    extents,
    [...operand.strides, ...operand.contractedStrides],
    program.buffers[operand.buffer]?.elements ?? 0,
    where,
  );
}

function verifyWalk(
  offset: number,
  extents: readonly number[],
  strides: readonly number[],
  elements: number,
  where: string,
): void {
  invariant(
    strides.length === extents.length,
    `${where} has ${strides.length} strides for ${extents.length} extents`,
  );
  let low = offset;
  let high = offset;
  extents.forEach((extent, axis) => {
    const reach = (extent - 1) * (strides[axis] as number);
    if (reach < 0) low += reach;
    else high += reach;
  });
  invariant(low >= 0 && high < elements, `${where} reads or writes ${low}..${high} of ${elements} elements`);
}
