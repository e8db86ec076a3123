import type { Contraction, Kernel } from "@myelin/compiler";
import { forRange, i32, type Local, type Statements } from "../assembler/index.js";
import { packPanel } from "./contraction-packing.js";
import { FLOAT } from "./contraction-plan.js";
import { wholeOrRest } from "./contraction-units.js";
import type { EmittedFunction, KernelContext } from "./kernel-emitter.js";

/** K's that one unit turns: a cache line of every row. */
const UNIT = 16;
/** Rows that packing may write behind the end. */
const SPARE_ROWS = 3;

/**
 * Copies a left operand whose rows lie side by side to the shared memory, so that k's do, and rows lie `pitch` bytes apart: the
 * weight gradient x^T dy reads x^T, whose k's are whole rows of x apart.
 */
export function emitTurning(
  kernel: Kernel,
  { module, layout, shared }: KernelContext,
  rows: number,
  pitch: number,
): EmittedFunction {
  const { left, extents } = kernel.contraction as Contraction;
  const axis = extents.findIndex((extent) => extent > 1);
  const depth = extents[axis] as number;
  const columnStride = (left.contractedStrides[axis] as number) * FLOAT;
  const address = (layout.addresses[left.buffer] as number) + left.offset * FLOAT;
  const loops = [{ extent: rows, a: FLOAT, b: pitch }];
  const run = module.function("turn", ["i32", "i32"], "void", (builder, begin, end) => {
    const [k, a, b] = [builder.local("i32"), builder.local("i32"), builder.local("i32")];
    const start = [
      a.set(i32.add(i32.mul(k.get(), i32.const(columnStride)), i32.const(address))),
      b.set(i32.add(i32.mul(k.get(), i32.const(FLOAT)), shared.get())),
    ];
    const turn = (columns: number): Statements =>
      packPanel(builder, "transpose", { loops, columns, columnStride }, pitch, { a, b }, start);
    const first = (unit: Local<"i32">) => i32.mul(unit.get(), i32.const(UNIT));
    const range = { from: first(begin), to: first(end), step: UNIT };
    return forRange(k, range, wholeOrRest(depth, UNIT, k, turn));
  });
  return { run, units: Math.ceil(depth / UNIT), sharedBytes: (rows + SPARE_ROWS) * pitch };
}
