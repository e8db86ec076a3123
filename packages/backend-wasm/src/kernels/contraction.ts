import type { Contraction, Kernel, Operand } from "@myelin/compiler";
import {
  brIf,
  type FunctionBuilder,
  f32x4,
  i32,
  type Local,
  loop,
  type Statements,
  v128,
  when,
} from "../assembler/index.js";
import { bodyEmitter } from "./body-emitter.js";
import { type ContractionLimits, contractionLimits } from "./contraction-limits.js";
import { packPanel, throughPanel } from "./contraction-packing.js";
import { type ContractionPlan, FLOAT, planContraction, VECTOR } from "./contraction-plan.js";
import { tileRows, tiles } from "./contraction-tile.js";
import { emitTurning } from "./contraction-turning.js";
import { inPieces, piecesOf } from "./contraction-units.js";
import type { KernelContext, KernelEmitter } from "./kernel-emitter.js";
import { along } from "./position.js";
import { move, reach, type Stride, walk } from "./walk.js";

/**
 * Matrix products and convolutions, for any strides. Panel by panel of 16 columns, a tile of two rows runs down the left
 * operand with its sums in registers, and the kernel's body is computed from them before they are stored. The columns of a
 * panel are packed side by side into the workspace first, unless the tile reads them as fast where they are. Where the body is
 * long, sums of several panels wait in the workspace, until one loop over whole rows computes it. A single row has no use for
 * panels: straight code adds a few rows of the right operand at a time to its sums. Every sum has one accumulator and runs
 * over k in ascending order, whatever the tile and the thread.
 */
export const emitContraction: KernelEmitter = contractionEmitter(contractionLimits);

/** Other limits lead to other code, with the same results. */
export function contractionEmitter(limits: ContractionLimits): KernelEmitter {
  return (kernel, context) => {
    const plan = planContraction(kernel, limits);
    const run = context.module.function("contraction", ["i32", "i32"], "void", (builder, begin, end) =>
      writeContraction(kernel, context, plan, builder, begin, end),
    );
    const units = piecesOf([...plan.columnCuts, ...plan.rowCuts]);
    const product = { run, units, workspaceBytes: plan.packedBytes + plan.sumBytes };
    if (!plan.turned) return [product];
    const { left } = kernel.contraction as Contraction;
    const turning = emitTurning(left, context, plan.turned);
    // The product reads what was turned, so that nobody may turn anything else meanwhile.
    return [turning, { ...turning, ...product }];
  };
}

/** Loops over all units, panel by panel: those in [begin, end) are computed. */
function writeContraction(
  kernel: Kernel,
  context: KernelContext,
  plan: ContractionPlan,
  builder: FunctionBuilder,
  begin: Local<"i32">,
  end: Local<"i32">,
): Statements {
  const {
    rowCuts,
    rowAxis,
    leftStrides,
    rightStrides,
    turned,
    packing,
    blocks,
    contracted,
    restDepth,
    spilled,
    width,
  } = plan;
  const { layout, shared, workspace, fused } = context;
  const { extents, stores } = kernel;
  const { left, right } = kernel.contraction as Contraction;
  const columnAxis = extents.length - 1;
  const rowStride = leftStrides[rowAxis] ?? 0;
  const columnStride = rightStrides[columnAxis] as number;
  const [inner] = contracted as [Stride];
  const accumulator = kernel.body.findIndex(({ op }) => op === "accumulator");

  const body = bodyEmitter(kernel, context, builder, spilled);
  const pointer = () => builder.local("i32");
  const [number, isPacked] = [pointer(), pointer()];
  /** A panel, the sums of its first row, and those of a tile, which wait for their body. */
  const [panel, firstRow, waiting] = [pointer(), pointer(), pointer()];
  const waitingSums = i32.add(workspace, i32.const(plan.packedBytes));
  /** Where a tile or a packing is in the operands, and where the block of k's begins there. */
  const pointers = { a: pointer(), b: pointer() };
  const starts = { a: pointer(), b: pointer() };
  const { sums, accumulate, accumulateRow } = tiles(builder, pointers, fused);

  const addressOf = ({ buffer, offset }: Operand) =>
    i32.const((layout.addresses[buffer] as number) + offset * FLOAT);
  /** An operand's first k, at the indices of the loops around, or that of the lowest of some places there. */
  const placeOf = (start: Local<"i32">, strides: readonly number[], lowest: number) => {
    const { base, offset } = body.pointer(strides);
    return i32.add(i32.add(base, i32.const(offset + lowest)), start);
  };

  /** Computes the body for one vector of sums, and stores. */
  const finish = (sum: Local<"v128">, row: number, column: number, lanes: number): void => {
    const position = along(extents, columnAxis, column, lanes);
    if (rowAxis >= 0) for (const lane of position) lane[rowAxis] = row;
    body.define(accumulator, position, sum);
    body.store(stores, position);
  };

  const pack = (columns: number, pitch: number): Statements => {
    if (packing === "none") return [];
    const loops = contracted.map(({ extent, b }) => ({ extent, a: b, b }));
    const start = [
      pointers.a.set(placeOf(starts.b, rightStrides, reach(columns, columnStride))),
      pointers.b.set(panel),
    ];
    const packed = packPanel(builder, packing, { loops, columns, columnStride }, pitch, pointers, start);
    return blocks.length > 0 ? packed : when(i32.eqz(isPacked), packed);
  };

  /** What straight code adds to a part of the sums of one row. */
  const addToRow = (columns: number, depth: number): void => {
    const vectors = Math.ceil(columns / 4);
    body.emit(
      pointers.a.set(placeOf(starts.a, leftStrides, 0)),
      pointers.b.set(placeOf(starts.b, rightStrides, 0)),
      accumulateRow(firstRow, vectors, inner, depth),
      move(firstRow, vectors * VECTOR),
    );
  };

  const rowsBy = (rowCounts: readonly number[], size: number) =>
    rowCuts.map(({ axis }, i) => ({
      axis,
      extent: rowCounts[i] as number,
      size: axis === rowAxis ? size : 1,
    }));

  const writePanel = (columns: number, rowCounts: readonly number[], unitPitch: number): void => {
    const vectors = Math.ceil(columns / 4);
    const pitch = vectors * VECTOR;
    const loops = packing === "none" ? contracted : throughPanel(contracted, pitch);

    const tile = (rows: number): void => {
      const tileSums = sums.slice(0, rows * vectors);
      const place = (i: number) => Math.floor(i / vectors) * unitPitch + (i % vectors) * VECTOR;
      const first = (i: number) => (blocks.length > 0 ? v128.load(waiting, place(i)) : f32x4.const(0));
      body.emit(
        tileSums.map((sum, i) => sum.set(first(i))),
        pointers.a.set(placeOf(starts.a, leftStrides, reach(rows, rowStride))),
        pointers.b.set(packing === "none" ? placeOf(starts.b, rightStrides, 0) : panel),
        accumulate(rows, vectors, rowStride, loops),
      );
      if (spilled) {
        body.emit(tileSums.map((sum, i) => v128.store(waiting, sum, place(i))));
        body.emit(move(waiting, rows * unitPitch));
        return;
      }
      for (let column = 0; column < columns; column += 4) {
        for (let row = 0; row < rows; row++)
          finish(
            tileSums[row * vectors + column / 4] as Local<"v128">,
            row,
            column,
            Math.min(4, columns - column),
          );
      }
    };

    body.emit(pack(columns, pitch), spilled ? waiting.set(firstRow) : []);
    inPieces(body, rowsBy(rowCounts, tileRows(vectors)), (counts) => tile(counts.at(-1) ?? 1));
    body.emit(move(panel, plan.panelBytes), spilled ? move(firstRow, pitch) : []);
  };

  const writeUnit = (columns: number, rowCounts: readonly number[]): void => {
    const panels = [{ axis: columnAxis, extent: columns, size: width }];
    const unitPitch = Math.ceil(columns / 4) * VECTOR;
    const block = (depth?: number) =>
      body.nested(() => {
        if (packing !== "none") body.emit(panel.set(workspace));
        if (spilled) body.emit(firstRow.set(waitingSums));
        inPieces(body, panels, ([count]) =>
          depth === undefined
            ? writePanel(count as number, rowCounts, unitPitch)
            : addToRow(count as number, depth),
        );
      });
    body.emit(
      starts.a.set(turned ? shared : addressOf(left)),
      starts.b.set(addressOf(right)),
      blocks.length > 0 ? zeroSums() : [],
      walk(builder, starts, blocks, block(restDepth === undefined ? undefined : inner.extent)),
      restDepth ? block(restDepth) : [],
      packing === "none" ? [] : isPacked.set(i32.const(1)),
    );
    if (!spilled) return;
    const [sum] = sums as [Local<"v128">];
    body.emit(waiting.set(waitingSums));
    inPieces(body, [...rowsBy(rowCounts, 1), { axis: columnAxis, extent: columns, size: 4 }], (counts) => {
      body.emit(sum.set(v128.load(waiting)), move(waiting, VECTOR));
      finish(sum, 0, 0, counts.at(-1) as number);
    });
  };

  /** Faster than `memory.fill`, for which V8 leaves the module. */
  const zeroSums = (): Statements => [
    waiting.set(waitingSums),
    walk(
      builder,
      { a: waiting, b: waiting },
      [{ extent: plan.sumBytes / VECTOR, a: 0, b: VECTOR }],
      v128.store(waiting, f32x4.const(0)),
    ),
  ];

  const isOurs = i32.lt_u(i32.sub(number, begin), i32.sub(end, begin));
  const allUnits = body.nested(() =>
    inPieces(body, plan.columnCuts, (counts) => {
      if (packing !== "none") body.emit(isPacked.set(i32.const(0)));
      inPieces(body, rowCuts, (rowCounts) => {
        const unit = body.nested(() => writeUnit(counts.at(-1) as number, rowCounts));
        body.emit(when(isOurs, unit), move(number, 1));
      });
    }),
  );
  // Never repeated: V8 unrolls the loops over k more often the deeper they lie.
  return loop((again) => [allUnits, brIf(again, i32.lt_u(number, end))]);
}
