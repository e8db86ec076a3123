import type { Contraction, Kernel } from "@myelin/compiler";
import { type FunctionBuilder, f32x4, i32, type Local, memory, type Statements, v128, when } from "../assembler/index.js";
import { bodyEmitter } from "./body-emitter.js";
import { packPanel, panelStrides } from "./contraction-packing.js";
import { type ContractionPlan, FLOAT, planContraction, type Section, VECTOR } from "./contraction-plan.js";
import { accumulate, type TileRegisters, tileRegisters } from "./contraction-tile.js";
import { eachUnit, type Unit } from "./contraction-units.js";
import type { BodyEmitter, KernelContext, KernelEmitter } from "./kernel-emitter.js";
import { along } from "./position.js";
import { move, type Pointers, reach, type Stride, walk } from "./walk.js";

/**
 * Matrix products and convolutions. A panel of up to 16 columns of the right operand is packed into the workspace, then a
 * tile of two rows runs down the left operand with its sums in registers, and the kernel's body is computed from them
 * before they are stored. Every sum has one accumulator and runs over k in ascending order, whatever tile and thread.
 */
export const emitContraction: KernelEmitter = (kernel, context) => {
  const plan = planContraction(kernel);
  const run = context.module.function("contraction", ["i32", "i32"], "void", (builder, begin, end) =>
    new ContractionWriter(kernel, context, plan, builder).write(begin, end),
  );
  return [{ run, units: plan.units, workspaceBytes: plan.panelBytes + plan.sumBytes }];
};

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
  private readonly block: Pointers;
  /** Where the next sums wait. */
  private readonly waiting: Local<"i32">;

  constructor(kernel: Kernel, context: KernelContext, plan: ContractionPlan, builder: FunctionBuilder) {
    this.kernel = kernel;
    this.context = context;
    this.plan = plan;
    this.builder = builder;
    this.body = bodyEmitter(kernel, context, builder, { hoistConstants: false });
    this.registers = tileRegisters(builder, plan.sections);
    const pointer = () => builder.local("i32");
    this.pointers = { a: pointer(), b: pointer() };
    this.block = { a: pointer(), b: pointer() };
    this.panel = pointer();
    this.packed = pointer();
    this.waiting = pointer();
  }

  write(begin: Local<"i32">, end: Local<"i32">): Statements {
    const { kernel, plan, builder, body, panel, context } = this;
    body.emit(panel.set(context.workspace.get()));
    for (const section of plan.sections)
      eachUnit({ kernel, plan, section, builder, body }, begin, end, (unit) => this.unit(section, unit));
    return body.finish();
  }

  private unit(section: Section, { panelNumber, rows }: Unit): void {
    const { plan, body, packed, builder, block } = this;
    if (!plan.spilled) {
      if (plan.packing !== "none") {
        const pack = this.pack(section);
        if (section.blocks === 1) body.emit(pack);
        else body.emit(when(i32.ne(packed.get(), panelNumber), [packed.set(panelNumber), pack]));
      }
      rows(section.tileRows, (count) => {
        this.clear(count * section.vectors);
        this.sum(section, count);
        this.finish(section, count);
      });
      return;
    }
    const sums = i32.add(this.panel.get(), i32.const(plan.panelBytes));
    body.emit(memory.fill(sums, i32.const(0), i32.const(section.unitRows * section.vectors * VECTOR)));
    const blockOfSums = this.body.nested(() => {
      body.emit(plan.packing === "none" ? [] : this.pack(section), this.waiting.set(sums));
      rows(section.tileRows, (count) => {
        this.restore(count * section.vectors);
        this.sum(section, count);
        this.spill(count * section.vectors);
      });
    });
    const strides = plan.contractedBlocks.map(({ extent, left, right }) => ({ extent, a: left, b: right }));
    body.emit(block.a.set(i32.const(0)), block.b.set(i32.const(0)), walk(builder, block, strides, blockOfSums));
    body.emit(this.waiting.set(sums));
    rows(1, () => {
      this.restore(section.vectors);
      this.finish(section, 1);
      body.emit(move(this.waiting, section.vectors * VECTOR));
    });
  }

  private pack(section: Section): Statements {
    const { plan, builder, kernel, pointers } = this;
    if (plan.packing === "none") return [];
    const { right } = kernel.contraction as Contraction;
    const columnStride = (right.strides[plan.columns] as number) * FLOAT;
    const { columns, vectors } = section;
    return [
      this.point("right", pointers.a, reach(columns, columnStride)),
      pointers.b.set(this.panel.get()),
      packPanel(builder, plan.packing, { contracted: plan.contracted, columnStride, columns, vectors }, pointers),
    ];
  }

  /** Sets a pointer to an operand, at the indices of the loops around. */
  private point(side: "left" | "right", pointer: Local<"i32">, lowest = 0): Statements {
    const { kernel, context, body, plan, block } = this;
    const { buffer, offset, strides } = (kernel.contraction as Contraction)[side];
    const place = body.pointer(strides.map((stride) => stride * FLOAT));
    const start = (context.layout.addresses[buffer] as number) + offset * FLOAT + place.offset + lowest;
    const shift = side === "left" ? block.a : block.b;
    const base = plan.contractedBlocks.length > 0 ? i32.add(place.base, shift.get()) : place.base;
    return pointer.set(i32.add(base, i32.const(start)));
  }

  private sum(section: Section, rows: number): void {
    const { plan, kernel, builder, body, registers, pointers, panel, context } = this;
    const { vectors } = section;
    const rowStride = plan.rows === undefined ? 0 : (kernel.contraction?.left.strides[plan.rows] as number) * FLOAT;
    const packed = panelStrides(plan.contracted, vectors);
    const loops: Stride[] = plan.contracted.map(({ extent, left, right }, i) => ({
      extent,
      a: left,
      b: plan.packing === "none" ? right : (packed[i] as number),
    }));
    body.emit(
      this.point("left", pointers.a, reach(rows, rowStride)),
      plan.packing === "none" ? this.point("right", pointers.b) : pointers.b.set(panel.get()),
      accumulate(builder, registers, pointers, { rows, vectors, rowStride, loops }, context.fused),
    );
  }

  private clear(count: number): void {
    for (const sum of this.registers.sums.slice(0, count)) this.body.emit(sum.set(f32x4.const(0)));
  }

  private restore(count: number): void {
    this.registers.sums
      .slice(0, count)
      .forEach((sum, i) => this.body.emit(sum.set(v128.load(this.waiting.get(), i * VECTOR))));
  }

  private spill(count: number): void {
    this.registers.sums
      .slice(0, count)
      .forEach((sum, i) => this.body.emit(v128.store(this.waiting.get(), sum.get(), i * VECTOR)));
    this.body.emit(move(this.waiting, count * VECTOR));
  }

  /** Computes the body for every vector of a tile, and stores. */
  private finish({ firstColumn, panels, columns, vectors }: Section, rows: number): void {
    const { kernel, plan, body, registers } = this;
    const value = kernel.body.findIndex(({ op }) => op === "accumulator");
    for (let v = 0; v < vectors; v++) {
      for (let row = 0; row < rows; row++) {
        const start = kernel.extents.map((_, axis) => (axis === plan.rows ? row : axis === plan.columns ? v * 4 : 0));
        const position = along(plan.columns, start, Math.min(4, columns - v * 4));
        if (value >= 0) body.define(value, position, registers.sums[row * vectors + v] as Local<"v128">);
        body.store(kernel.stores, position);
      }
    }
  }
}
