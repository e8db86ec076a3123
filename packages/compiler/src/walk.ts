import { obtain } from "@myelin/tensor";
import type { Address, Instruction, Kernel, Operand, Value } from "./program.js";

/** What instructions, stores and operands have in common: where they are at a position of the kernel. */
export interface Walk {
  readonly offset: number;
  readonly strides: readonly number[];
}

type ChangeWalk = <Kind extends Walk>(walk: Kind) => Kind;

/** A kernel whose walks are all changed in the same way. */
export function withWalks(kernel: Kernel, change: ChangeWalk): Kernel {
  const { body, stores, contraction } = kernel;
  return {
    ...kernel,
    body: body.map((instruction) => withWalk(instruction, change)),
    stores: stores.map((store) => ({ ...store, address: change(store.address) })),
    contraction: contraction && {
      ...contraction,
      left: change(contraction.left),
      right: change(contraction.right),
    },
  };
}

export function withWalk(instruction: Instruction, change: ChangeWalk): Instruction {
  if (instruction.op === "load") return { ...instruction, address: change(instruction.address) };
  return instruction.op === "index" ? change(instruction) : instruction;
}

/** What a kernel reads from memory. */
export function readsOf({ body, contraction }: Pick<Kernel, "body" | "contraction">): (Address | Operand)[] {
  const loads = body.flatMap((instruction) => (instruction.op === "load" ? instruction.address : []));
  return contraction ? [...loads, contraction.left, contraction.right] : loads;
}

const operandNames = [
  "input",
  "left",
  "right",
  "condition",
  "then",
  "otherwise",
  "seed",
  "stepLow",
  "stepHigh",
  "element",
] as const;

type Operands = Partial<Record<(typeof operandNames)[number], Value>>;

/** Backends ask for the operands of an instruction again and again. */
const known = new WeakMap<Instruction, readonly Value[]>();

/** The values that an instruction reads. */
export function operandsOf(instruction: Instruction): readonly Value[] {
  return obtain(known, instruction, () => {
    const operands = operandNames.flatMap((name) => (instruction as Operands)[name] ?? []);
    const row = instruction.op === "load" ? instruction.address.indirect : undefined;
    return row ? [...operands, row.value] : operands;
  });
}

/** The instruction with other values in the places of its operands. */
export function withOperands(instruction: Instruction, change: (operand: Value) => Value): Instruction {
  const copy = { ...instruction } as { -readonly [Name in keyof Operands]: Value };
  for (const name of operandNames) {
    const operand = copy[name];
    if (operand !== undefined) copy[name] = change(operand);
  }
  const changed = copy as Instruction;
  return changed.op === "load" ? { ...changed, address: withRow(changed.address, change) } : changed;
}

/** The address with another value as its data-dependent row, if it has one. */
export function withRow(address: Address, change: (row: Value) => Value): Address {
  const { indirect } = address;
  return indirect ? { ...address, indirect: { ...indirect, value: change(indirect.value) } } : address;
}
