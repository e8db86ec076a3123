import type { Operand } from "@myelin/compiler";
import { forRange, i32, type Statements, when } from "../assembler/index.js";
import { packPanel } from "./contraction-packing.js";
import { FLOAT, SPARE_ROWS, type Turned } from "./contraction-plan.js";
import type { EmittedFunction, KernelContext } from "./kernel-emitter.js";

/**
 * Copies a left operand whose rows lie side by side to the shared memory, so that k's do, and rows lie `pitch` bytes apart: the
 * weight gradient x^T dy reads x^T, whose k's are whole rows of x apart.
 */
export function emitTurning(
  { buffer, offset }: Operand,
  { module, layout, shared }: KernelContext,
  { rows, pitch, loop: { extent: depth, a: columnStride } }: Turned,
): EmittedFunction {
  /** K's that one unit turns: a cache line of every row. */
  const UNIT = 16;
  const address = (layout.addresses[buffer] as number) + offset * FLOAT;
  const loops = [{ extent: rows, a: FLOAT, b: pitch }];
  const run = module.function("turn", ["i32", "i32"], "void", (builder, begin, end) => {
    const unit = builder.local("i32");
    const [k, a, b] = [builder.local("i32"), builder.local("i32"), builder.local("i32")];
    const start = [
      a.set(i32.add(i32.mul(k, i32.const(columnStride)), i32.const(address))),
      b.set(i32.add(i32.mul(k, i32.const(FLOAT)), shared)),
    ];
    const turn = (columns: number): Statements =>
      packPanel(builder, "transpose", { loops, columns, columnStride }, pitch, { a, b }, start);
    const rest = depth % UNIT;
    const isWhole = i32.lt_u(k, i32.const(depth - rest));
    return forRange(unit, { from: begin, to: end }, [
      k.set(i32.mul(unit, i32.const(UNIT))),
      rest > 0 ? when(isWhole, turn(UNIT), turn(rest)) : turn(UNIT),
    ]);
  });
  return { run, units: Math.ceil(depth / UNIT), sharedBytes: (rows + SPARE_ROWS) * pitch };
}
