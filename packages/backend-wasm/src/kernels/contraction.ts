import type { Contraction, Kernel, Operand } from "@myelin/compiler";
import { f32x4, i32, type Local, memory, type Statements, v128, when } from "../assembler/index.js";
import { bodyEmitter } from "./body-emitter.js";
import { type ContractionLimits, contractionLimits } from "./contraction-limits.js";
import { packPanel, throughPanel } from "./contraction-packing.js";
import { type ContractionPlan, depthOf, FLOAT, planContraction, VECTOR } from "./contraction-plan.js";
import { accumulate, tileRegisters, tileRows } from "./contraction-tile.js";
import { emitTurning } from "./contraction-turning.js";
import { eachUnit, goDown, piecesOf, type Unit, wholeOrRest } from "./contraction-units.js";
import type { BodyEmitter, KernelContext, KernelEmitter } from "./kernel-emitter.js";
import { along, moved, origin } from "./position.js";
import { move, reach, walk } from "./walk.js";

/**
 * Matrix products and convolutions, for any strides. Panel by panel of 16 columns, a tile of two rows runs down the left
 * operand with its sums in registers, and the kernel's body is computed from them before they are stored. The columns of a
 * panel are packed side by side into the workspace first, unless the tile reads them as fast where they are. Every sum has
 * one accumulator and runs over k in ascending order, whatever the tile and the thread.
 */
export const emitContraction: KernelEmitter = contractionEmitter(contractionLimits);

/** Rows that packing may write behind the end of a panel. */
const PANEL_SPARE_ROWS = 3;

/** Other limits lead to other code, with the same results. */
export function contractionEmitter(limits: ContractionLimits): KernelEmitter {
  return (kernel, context) => {
    const plan = planContraction(kernel, limits);
    const { rows, width, panelCuts, rowCuts, turned, packing, contracted, spilled } = plan;
    const columns = kernel.extents.at(-1) as number;
    const pitch = Math.ceil(width / 4) * VECTOR;
    const panelBytes = packing === "none" ? 0 : (depthOf(contracted) + PANEL_SPARE_ROWS) * pitch;
    const sumBytes = spilled ? rowCuts.reduce((bytes, { size }) => bytes * size, pitch) : 0;
    const run = context.module.function("contraction", ["i32", "i32"], "void", (builder, begin, end) => {
      const body = bodyEmitter(kernel, context, builder, { hoistConstants: spilled });
      const writeUnit = unitWriter(kernel, context, plan, body, panelBytes, sumBytes);
      eachUnit(body, plan, begin, end, (unit, first) => {
        body.emit(wholeOrRest(columns, width, first, (count) => body.nested(() => writeUnit(unit, count))));
      });
      return body.finish();
    });
    const units = piecesOf(panelCuts) * piecesOf(rowCuts);
    const product = { run, units, workspaceBytes: panelBytes + sumBytes };
    if (turned === undefined) return [product];
    return [emitTurning(kernel, context, kernel.extents[rows] as number, turned), product];
  };
}

/** Writes the rows of a unit, for a panel of so many columns. */
function unitWriter(
  kernel: Kernel,
  { layout, shared, workspace, fused }: KernelContext,
  { rows, leftStrides, turned, packing, blocks, contracted, spilled }: ContractionPlan,
  body: BodyEmitter,
  panelBytes: number,
  sumBytes: number,
): (unit: Unit, columns: number) => void {
  const { extents, stores } = kernel;
  const { left, right } = kernel.contraction as Contraction;
  const { builder } = body;
  const pointer = () => builder.local("i32");
  const registers = tileRegisters(builder);
  /** What a tile or a packing reads and writes; where the operands begin, at a block of k's. */
  const pointers = { a: pointer(), b: pointer() };
  const starts = { a: pointer(), b: pointer() };
  const packedPanel = pointer();
  const [panel, sums] = [pointer(), pointer()];
  /** Where the next sums wait. */
  const waiting = pointer();
  const rowStride = leftStrides[rows] ?? 0;
  const rightStrides = right.strides.map((stride) => stride * FLOAT);
  const columnStride = rightStrides.at(-1) as number;
  const sumOfBody = kernel.body.findIndex(({ op }) => op === "accumulator");
  body.emit(
    panel.set(workspace.get()),
    sums.set(i32.add(panel.get(), i32.const(panelBytes))),
    packedPanel.set(i32.const(-1)),
  );

  const addressOf = ({ buffer, offset }: Operand) =>
    i32.const((layout.addresses[buffer] as number) + offset * FLOAT);
  /** An operand's first k, at the indices of the loops around, or that of the lowest of some places there. */
  const placeOf = (start: Local<"i32">, strides: readonly number[], lowest: number) => {
    const { base, offset } = body.pointer(strides);
    return i32.add(i32.add(base, i32.const(offset + lowest)), start.get());
  };
  const store = (sum: Local<"v128">, row: number, column: number, lanes: number): void => {
    const position = moved(
      along(extents.length - 1, origin(extents, extents.length - 1, column), lanes),
      rows,
      row,
    );
    if (sumOfBody >= 0) body.define(sumOfBody, position, sum);
    body.store(stores, position);
  };

  return ({ panelNumber, rows: rowsOfUnit }, columns) => {
    const vectors = Math.ceil(columns / 4);
    const pitch = vectors * VECTOR;
    const whole = columns - (columns % 4);
    const isDirect = packing === "none";
    const loops = isDirect ? contracted : throughPanel(contracted, pitch);

    const pack = (): Statements => {
      if (packing === "none") return [];
      const source = {
        loops: contracted.map(({ extent, b }) => ({ extent, a: b, b })),
        columns,
        columnStride,
      };
      const start = [
        pointers.a.set(placeOf(starts.b, rightStrides, reach(columns, columnStride))),
        pointers.b.set(panel.get()),
      ];
      const packed = packPanel(builder, packing, source, pitch, pointers, start);
      if (blocks.length > 0) return packed;
      return when(i32.ne(packedPanel.get(), panelNumber.get()), [packedPanel.set(panelNumber.get()), packed]);
    };

    const tile = (count: number): void => {
      const tileSums = registers.sums.slice(0, count * vectors);
      const begin = (sum: Local<"v128">, i: number) =>
        sum.set(blocks.length > 0 ? v128.load(waiting.get(), i * VECTOR) : f32x4.const(0));
      body.emit(
        tileSums.map(begin),
        pointers.a.set(placeOf(starts.a, leftStrides, reach(count, rowStride))),
        pointers.b.set(isDirect ? placeOf(starts.b, rightStrides, 0) : panel.get()),
        accumulate(builder, registers, pointers, { rows: count, vectors, rowStride, loops }, fused),
      );
      if (spilled) {
        body.emit(
          tileSums.map((sum, i) => v128.store(waiting.get(), sum.get(), i * VECTOR)),
          move(waiting, tileSums.length * VECTOR),
        );
        return;
      }
      for (let v = 0; v < vectors; v++) {
        for (let row = 0; row < count; row++)
          store(tileSums[row * vectors + v] as Local<"v128">, row, v * 4, Math.min(4, columns - v * 4));
      }
    };

    const oneBlock = body.nested(() => {
      body.emit(pack(), spilled ? waiting.set(sums.get()) : []);
      goDown(body, rowsOfUnit, Math.min(extents[rows] ?? 1, tileRows(vectors)), tile);
    });
    body.emit(
      starts.a.set(turned === undefined ? addressOf(left) : shared.get()),
      starts.b.set(addressOf(right)),
      blocks.length > 0 ? memory.fill(sums.get(), i32.const(0), i32.const(sumBytes)) : [],
      walk(builder, starts, blocks, oneBlock),
    );
    if (!spilled) return;
    // The body, row by row.
    body.emit(waiting.set(sums.get()));
    const sum = registers.sums[0] as Local<"v128">;
    const finish = (column: number, lanes: number): void => {
      body.emit(sum.set(v128.load(waiting.get())), move(waiting, VECTOR));
      store(sum, 0, column, lanes);
    };
    goDown(body, rowsOfUnit, 1, () => {
      body.loop(extents.length - 1, { to: whole, step: 4 }, () => finish(0, 4));
      if (whole < columns) finish(whole, columns - whole);
    });
  };
}
