import type { Kernel } from "@myelin/compiler";
import { type Expr, forRange, i32, type Local } from "../assembler/index.js";
import { larger, smaller } from "./clamp.js";
import type { ContractionPlan } from "./contraction-plan.js";
import type { Section } from "./contraction-sections.js";
import type { BodyEmitter } from "./kernel-emitter.js";

/** What is written inside the loop over units: some rows of one panel of columns. */
export interface Unit {
  /** A number that changes with the panel, never 0. */
  readonly panelNumber: Expr<"i32">;
  /** Goes down the rows of the unit, `step` at a time: `inside` is told how many it gets. May be used several times. */
  rows(step: number, inside: (rows: number) => void): void;
}

type Index = number | Local<"i32">;

/**
 * A loop over those units of the section that are in [begin, end). A unit's number, in the section, has the digits
 * batch, panel, [outer row,] block.
 */
export function eachUnit(
  body: BodyEmitter,
  { extents }: Kernel,
  plan: ContractionPlan,
  section: Section,
  begin: Local<"i32">,
  end: Local<"i32">,
  inside: (unit: Unit) => void,
): void {
  const { cut, firstUnit, units, firstColumn, columns, panels, blocks, blockSize, unitsPerPanel } = section;
  const { batches, outer, rows } = plan;
  const extentsOf = (axes: readonly number[]) => axes.map((axis) => extents[axis] as number);
  const rowCount = rows === undefined ? 1 : (extents[rows] as number);
  const outerCount = extentsOf(outer).reduce((size, extent) => size * extent, 1);
  const outerInUnit = cut === "rows" ? outer : [];

  /** Indices from `from` to below `to` of the tile's axis. What is left behind whole steps is done at once. */
  const goDown = (from: Index, to: Index, step: number, tile: (rows: number) => void): void => {
    if (rows === undefined) {
      tile(1);
      return;
    }
    const rest = rowCount % step;
    const whole = rowCount - rest;
    const limit = typeof to === "number" ? whole : rest > 0 ? held(body, smaller(to, whole)) : to;
    body.loop(rows, { from, to: limit, step }, () => tile(step));
    if (rest > 0) body.loop(rows, { from: whole, to, step: rest }, () => tile(rest));
  };

  const number = held(body, firstUnit > 0 ? larger(begin, firstUnit) : begin.get());
  const last = held(body, units < plan.units ? smaller(end, firstUnit + units) : end.get());
  const writeUnit = (): void => {
    const inSection = firstUnit > 0 ? held(body, i32.sub(number.get(), i32.const(firstUnit))) : number;
    const indices = digits(body, inSection, [
      ...extentsOf(batches),
      panels,
      ...extentsOf(outerInUnit),
      blocks,
    ]);
    const block = indices.pop() as Index;
    const panel = indices[batches.length] as Index;
    indices[batches.length] =
      typeof panel === "number"
        ? firstColumn
        : held(body, i32.add(i32.mul(panel.get(), i32.const(columns)), i32.const(firstColumn)));
    const limit = cut === "outer" ? outerCount : rowCount;
    const [from, to] = typeof block === "number" ? [0, limit] : blockBounds(body, block, blockSize, limit);
    const down: Unit["rows"] = (step, tile) => {
      if (cut === "rows") {
        goDown(from, to, step, tile);
        return;
      }
      const line = body.builder.local("i32");
      const lines = body.nested(() =>
        at(body, outer, digits(body, line, extentsOf(outer)), () => goDown(0, rowCount, step, tile)),
      );
      body.emit(forRange(line, { from: boundOf(from), to: boundOf(to) }, lines));
    };
    const earlierPanels = i32.div_u(inSection.get(), i32.const(unitsPerPanel));
    const panelNumber = i32.add(earlierPanels, i32.const(firstUnit + 1));
    at(body, [...batches, plan.columns, ...outerInUnit], indices, () => inside({ panelNumber, rows: down }));
  };
  body.emit(forRange(number, { from: number.get(), to: last.get() }, body.nested(writeUnit)));
}

/** Loops of one round: indices that are known by other means. */
function at(body: BodyEmitter, axes: readonly number[], indices: readonly Index[], inside: () => void): void {
  const [axis, ...axesLeft] = axes;
  const [index, ...indicesLeft] = indices;
  if (axis === undefined || index === undefined) {
    inside();
    return;
  }
  const next = typeof index === "number" ? index + 1 : held(body, i32.add(index.get(), i32.const(1)));
  body.loop(axis, { from: index, to: next }, () => at(body, axesLeft, indicesLeft, inside));
}

/** The digits of a number in mixed radix, most significant first. A digit of radix 1 is the constant 0. */
function digits(body: BodyEmitter, number: Local<"i32">, radices: readonly number[]): Index[] {
  const first = radices.findIndex((radix) => radix > 1);
  const result: Index[] = radices.map(() => 0);
  let rest = number;
  for (let i = radices.length - 1; i > first; i--) {
    const radix = radices[i] as number;
    if (radix === 1 || first < 0) continue;
    result[i] = held(body, i32.rem_u(rest.get(), i32.const(radix)));
    rest = held(body, i32.div_u(rest.get(), i32.const(radix)));
  }
  if (first >= 0) result[first] = rest;
  return result;
}

function blockBounds(body: BodyEmitter, block: Local<"i32">, size: number, limit: number): [Index, Index] {
  const from = held(body, i32.mul(block.get(), i32.const(size)));
  const behind = held(body, i32.add(from.get(), i32.const(size)));
  return [from, limit % size === 0 ? behind : held(body, smaller(behind, limit))];
}

/** A value in a fresh local. */
function held(body: BodyEmitter, value: Expr<"i32">): Local<"i32"> {
  const local = body.builder.local("i32");
  body.emit(local.set(value));
  return local;
}

function boundOf(index: Index): number | Expr<"i32"> {
  return typeof index === "number" ? index : index.get();
}
