import type { Contraction, Kernel } from "@myelin/compiler";
import {
  type FunctionBuilder,
  f32x4,
  i32,
  type Local,
  memory,
  type Statements,
  v128,
  when,
} from "../assembler/index.js";
import { bodyEmitter } from "./body-emitter.js";
import { type ContractionLimits, contractionLimits } from "./contraction-limits.js";
import { packPanel, panelStrides } from "./contraction-packing.js";
import { type ContractionPlan, FLOAT, planContraction, VECTOR } from "./contraction-plan.js";
import type { Section } from "./contraction-sections.js";
import { accumulate, type TileRegisters, tileRegisters } from "./contraction-tile.js";
import { emitTurning } from "./contraction-turning.js";
import { eachUnit, type Unit } from "./contraction-units.js";
import type { BodyEmitter, KernelContext, KernelEmitter } from "./kernel-emitter.js";
import { along } from "./position.js";
import { move, type Pointers, reach, type Stride, walk } from "./walk.js";

/**
 * Matrix products and convolutions, for any strides. Panel by panel of 16 columns, a tile of two rows runs down the left
 * operand with its sums in registers, and the kernel's body is computed from them before they are stored. The columns of a
 * panel are packed side by side into the workspace first, unless the tile reads them as fast where they are. Every sum has
 * one accumulator and runs over k in ascending order, whatever the tile and the thread.
 */
export const emitContraction: KernelEmitter = contractionEmitter(contractionLimits);

/** Other limits lead to other code, with the same results. */
export function contractionEmitter(limits: ContractionLimits): KernelEmitter {
  return (kernel, context) => {
    const plan = planContraction(kernel, limits);
    const run = context.module.function("contraction", ["i32", "i32"], "void", (builder, begin, end) =>
      new ContractionWriter(kernel, context, plan, builder).write(begin, end),
    );
    const product = { run, units: plan.units, workspaceBytes: plan.panelBytes + plan.sumBytes };
    return plan.turned ? [emitTurning(kernel, context, plan, plan.turned), product] : [product];
  };
}

class ContractionWriter {
  private readonly kernel: Kernel;
  private readonly context: KernelContext;
  private readonly plan: ContractionPlan;
  private readonly builder: FunctionBuilder;
  private readonly body: BodyEmitter;
  private readonly registers: TileRegisters;
  private readonly pointers: Pointers;
  /** Where the panel is, and which one it is. */
  private readonly panel: Local<"i32">;
  private readonly packed: Local<"i32">;
  /** Bytes from the first k to the block of k's, in both operands. */
  private readonly shift: Pointers;
  /** Where the next sums wait. */
  private readonly waiting: Local<"i32">;

  constructor(kernel: Kernel, context: KernelContext, plan: ContractionPlan, builder: FunctionBuilder) {
    this.kernel = kernel;
    this.context = context;
    this.plan = plan;
    this.builder = builder;
    this.body = bodyEmitter(kernel, context, builder, { hoistConstants: plan.spilled });
    this.registers = tileRegisters(builder, plan.sections);
    const pointer = () => builder.local("i32");
    this.pointers = { a: pointer(), b: pointer() };
    this.shift = { a: pointer(), b: pointer() };
    this.panel = pointer();
    this.packed = pointer();
    this.waiting = pointer();
  }

  write(begin: Local<"i32">, end: Local<"i32">): Statements {
    const { kernel, plan, body, panel, context } = this;
    body.emit(panel.set(context.workspace.get()));
    for (const section of plan.sections) {
      eachUnit(body, kernel, plan, section, begin, end, (unit) => {
        if (plan.spilled) this.unitThroughMemory(section, unit);
        else this.unit(section, unit);
      });
    }
    return body.finish();
  }

  /** Sums stay in registers until they are stored. */
  private unit(section: Section, { panelNumber, rows }: Unit): void {
    const { body, packed } = this;
    const pack = this.pack(section);
    const packOnce = when(i32.ne(packed.get(), panelNumber), [packed.set(panelNumber), pack]);
    body.emit(section.unitsPerPanel > 1 && this.plan.packing !== "none" ? packOnce : pack);
    rows(section.tileRows, (count) => {
      body.emit(this.clear(count * section.vectors));
      this.sum(section, count);
      this.finish(section, count);
    });
  }

  /** Sums of all rows wait in memory, between blocks of k's and until a loop of its own computes the body. */
  private unitThroughMemory(section: Section, { rows }: Unit): void {
    const { plan, body, builder, shift, waiting, registers } = this;
    const { vectors, columns, unitRows } = section;
    const start = i32.add(this.panel.get(), i32.const(plan.panelBytes));
    const blocks = plan.blocks.map(({ extent, left, right }) => ({ extent, a: left, b: right }));
    const oneBlock = body.nested(() => {
      body.emit(this.pack(section), waiting.set(start));
      rows(section.tileRows, (count) => {
        const sums = registers.sums.slice(0, count * vectors);
        const restore = sums.map((sum, i) => sum.set(v128.load(waiting.get(), i * VECTOR)));
        body.emit(blocks.length > 0 ? restore : this.clear(sums.length));
        this.sum(section, count);
        body.emit(sums.map((sum, i) => v128.store(waiting.get(), sum.get(), i * VECTOR)));
        body.emit(move(waiting, sums.length * VECTOR));
      });
    });
    const zero = [
      memory.fill(start, i32.const(0), i32.const(unitRows * vectors * VECTOR)),
      shift.a.set(i32.const(0)),
      shift.b.set(i32.const(0)),
    ];
    body.emit(blocks.length > 0 ? zero : [], walk(builder, shift, blocks, oneBlock), waiting.set(start));
    const [sum] = registers.sums as [Local<"v128">];
    const whole = columns - (columns % 4);
    const finish = (column: number, lanes: number): void => {
      body.emit(sum.set(v128.load(waiting.get())), move(waiting, VECTOR));
      this.store(sum, 0, column, lanes);
    };
    rows(1, () => {
      body.loop(plan.columns, { to: whole, step: 4 }, () => finish(0, 4));
      if (whole < columns) finish(whole, columns - whole);
    });
  }

  private pack(section: Section): Statements {
    const { plan, builder, kernel, pointers } = this;
    if (plan.packing === "none") return [];
    const { right } = kernel.contraction as Contraction;
    const columnStride = (right.strides[plan.columns] as number) * FLOAT;
    const contracted = plan.contracted.map(({ extent, right }) => ({ extent, stride: right }));
    const source = { contracted, columnStride, columns: section.columns };
    return [
      this.point("right", pointers.a, reach(section.columns, columnStride)),
      pointers.b.set(this.panel.get()),
      packPanel(builder, plan.packing, source, section.vectors * VECTOR, pointers),
    ];
  }

  /** Sets a pointer to an operand, at the indices of the loops around. */
  private point(side: "left" | "right", pointer: Local<"i32">, lowest: number): Statements {
    const { kernel, context, body, plan, shift } = this;
    const { buffer, offset, strides } = (kernel.contraction as Contraction)[side];
    const turned = side === "left" && plan.turned !== undefined;
    const place = body.pointer(side === "left" ? plan.leftStrides : strides.map((stride) => stride * FLOAT));
    const start = turned ? 0 : (context.layout.addresses[buffer] as number) + offset * FLOAT;
    let address = i32.add(place.base, i32.const(start + place.offset + lowest));
    if (turned) address = i32.add(address, context.shared.get());
    if (plan.blocks.length > 0) address = i32.add(address, side === "left" ? shift.a.get() : shift.b.get());
    return pointer.set(address);
  }

  private sum(section: Section, rows: number): void {
    const { plan, builder, body, registers, pointers, panel, context } = this;
    const { vectors } = section;
    const rowStride = plan.rows === undefined ? 0 : (plan.leftStrides[plan.rows] as number);
    const packed = panelStrides(plan.contracted, vectors * VECTOR);
    const loops: Stride[] = plan.contracted.map(({ extent, left, right }, i) => ({
      extent,
      a: left,
      b: plan.packing === "none" ? right : (packed[i] as number),
    }));
    body.emit(
      this.point("left", pointers.a, reach(rows, rowStride)),
      plan.packing === "none" ? this.point("right", pointers.b, 0) : pointers.b.set(panel.get()),
      accumulate(builder, registers, pointers, { rows, vectors, rowStride, loops }, context.fused),
    );
  }

  private clear(count: number): Statements {
    return this.registers.sums.slice(0, count).map((sum) => sum.set(f32x4.const(0)));
  }

  /** Computes the body for every vector of a tile, and stores. */
  private finish({ columns, vectors }: Section, rows: number): void {
    for (let v = 0; v < vectors; v++) {
      for (let row = 0; row < rows; row++) {
        const sum = this.registers.sums[row * vectors + v] as Local<"v128">;
        this.store(sum, row, v * 4, Math.min(4, columns - v * 4));
      }
    }
  }

  private store(sum: Local<"v128">, row: number, column: number, lanes: number): void {
    const { kernel, plan, body } = this;
    const start = kernel.extents.map((_, axis) =>
      axis === plan.rows ? row : axis === plan.columns ? column : 0,
    );
    const position = along(plan.columns, start, lanes);
    const value = kernel.body.findIndex(({ op }) => op === "accumulator");
    if (value >= 0) body.define(value, position, sum);
    body.store(kernel.stores, position);
  }
}
