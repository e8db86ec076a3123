import type { Contraction, Kernel } from "@myelin/compiler";
import { forRange, i32, type Statements } from "../assembler/index.js";
import { larger, smaller } from "./clamp.js";
import { packPanel } from "./contraction-packing.js";
import { type ContractionPlan, FLOAT, type Turned } from "./contraction-plan.js";
import type { EmittedFunction, KernelContext } from "./kernel-emitter.js";

/** K's that one unit turns: a cache line of every row. */
const UNIT = 16;

/**
 * Copies a left operand whose rows lie side by side to the shared memory, so that k's do: the weight gradient x^T dy reads
 * x^T, whose k's are whole rows of x apart.
 */
export function emitTurning(
  kernel: Kernel,
  { module, layout, shared }: KernelContext,
  { rows, contracted, blocks }: ContractionPlan,
  { pitch, bytes }: Turned,
): EmittedFunction {
  const { left } = kernel.contraction as Contraction;
  const depth = [...contracted, ...blocks].reduce((product, { extent }) => product * extent, 1);
  const stride =
    (left.contractedStrides.find((_, i) => kernel.contraction?.extents[i] !== 1) as number) * FLOAT;
  const source = {
    contracted: [{ extent: kernel.extents[rows as number] as number, stride: FLOAT }],
    columnStride: stride,
  };
  const start = (layout.addresses[left.buffer] as number) + left.offset * FLOAT;
  const full = Math.floor(depth / UNIT);
  const units = Math.ceil(depth / UNIT);
  const run = module.function("turn", ["i32", "i32"], "void", (builder, begin, end) => {
    const unit = builder.local("i32");
    const last = builder.local("i32");
    const pointers = { a: builder.local("i32"), b: builder.local("i32") };
    const turn = (columns: number): Statements => [
      pointers.a.set(i32.add(i32.mul(unit.get(), i32.const(UNIT * stride)), i32.const(start))),
      pointers.b.set(i32.add(i32.mul(unit.get(), i32.const(UNIT * FLOAT)), shared.get())),
      packPanel(builder, "transpose", { ...source, columns }, pitch, pointers),
    ];
    const whole = [
      last.set(smaller(end, full)),
      forRange(unit, { from: begin.get(), to: last.get() }, turn(UNIT)),
    ];
    if (units === full) return whole;
    const rest = forRange(unit, { from: unit.get(), to: end.get() }, turn(depth % UNIT));
    return [whole, unit.set(larger(begin, full)), rest];
  });
  return { run, units, sharedBytes: bytes };
}
