import { inOrder, type Node, sizeOf, type Tensor } from "@myelin/tensor";
import type { Storage } from "./body.js";
import { type Regions, regionsOf, writerOf } from "./regions.js";
import { valueOfFilled } from "./simplify.js";
import { isMovement, type View } from "./view.js";

/**
 * A node with an identity of its own: it is computed once, in one kernel, and read by others. All other nodes are written
 * into the expressions that use them.
 */
export interface Computed extends Storage {
  readonly id: number;
  readonly node: Tensor;
  readonly kind: "map" | "row" | "column" | "contraction" | "regions" | "accumulate";
  readonly regions?: Regions | undefined;
}

export interface Analysis {
  /** Inputs before users. */
  readonly computed: readonly Computed[];
  readonly of: ReadonlyMap<Tensor, Computed>;
  /** Where a computed node's value must also go: parts of `regions`. */
  readonly destinations: ReadonlyMap<Tensor, readonly { readonly to: Tensor; readonly view: View }[]>;
}

/** Reductions over at most this many elements are written out where a loop over them would have no fast form. */
const UNROLLED_REDUCTION = 32;

/** Decides which nodes are computed. `roots` always are; `forced` are nodes that an earlier attempt had to store. */
export function analyse(roots: readonly Tensor[], forced: ReadonlySet<Tensor>): Analysis {
  const nodes = inOrder(roots);
  const userCounts = new Map<Tensor, number>();
  for (const node of nodes)
    for (const input of node.inputs) userCounts.set(input, (userCounts.get(input) ?? 0) + 1);

  const wanted = new Set<Tensor>([...roots, ...forced]);
  const consumers = new Map<Tensor, Set<Tensor>>();
  const duplicated = new Set<Tensor>();
  const absorbed = new Set<Tensor>();
  const kinds = new Map<Tensor, Computed["kind"]>();
  const regionsByNode = new Map<Tensor, Regions>();
  const destinations = new Map<Tensor, { to: Tensor; view: View }[]>();

  const consume = (node: Tensor, by: Iterable<Tensor>): void => {
    const set = consumers.get(node) ?? new Set<Tensor>();
    for (const consumer of by) set.add(consumer);
    consumers.set(node, set);
  };
  const isLeaf = (node: Tensor) =>
    node.op === "parameter" || node.op === "input" || (node.op === "constant" && sizeOf(node.shape) > 1);

  // Users come before their inputs.
  for (const node of nodes.reverse()) {
    if (absorbed.has(node)) continue;
    const isRoot = wanted.has(node);
    const readers = consumers.get(node) ?? new Set<Tensor>();
    if (!isRoot && (isLeaf(node) || valueOfFilled(node) !== undefined || node.op === "iota")) continue;
    const regions = regionsOf(node, (inner) => userCounts.get(inner) ?? 0);
    const kind = kindOf(
      node,
      regions,
      isRoot || (readers.size > 1 && !isCheap(node)) || (duplicated.has(node) && !isCheap(node)),
    );
    if (kind === undefined) {
      for (const input of node.inputs) {
        consume(input, readers);
        if (duplicated.has(node) || repeats(node)) duplicated.add(input);
      }
      continue;
    }
    kinds.set(node, kind);
    if (kind === "regions" && regions !== undefined) {
      regionsByNode.set(node, regions);
      for (const inner of regions.absorbed) absorbed.add(inner);
      for (const part of regions.parts) {
        const writer = writerOf(part, (inner) => wanted.has(inner));
        // A leaf or a constant writes nothing by itself: a copy of the part does.
        const source = isLeaf(writer.source) || valueOfFilled(writer.source) !== undefined ? part : writer;
        wanted.add(source.source);
        destinations.set(source.source, [
          ...(destinations.get(source.source) ?? []),
          { to: node, view: source.view },
        ]);
        consume(source.source, [node]);
      }
      continue;
    }
    for (const input of node.inputs) consume(input, [node]);
    if (kind === "map" && repeats(node)) for (const input of node.inputs) duplicated.add(input);
    if (kind === "contraction") for (const operand of node.inputs) storeOperand(operand, wanted, isLeaf);
  }

  const computed = [...kinds.keys()].reverse().map(
    (node, id): Computed => ({
      id,
      node,
      kind: kinds.get(node) as Computed["kind"],
      regions: regionsByNode.get(node),
    }),
  );
  return { computed, of: new Map(computed.map((each) => [each.node, each])), destinations };
}

function kindOf(node: Tensor, regions: Regions | undefined, shared: boolean): Computed["kind"] | undefined {
  if (regions !== undefined) return "regions";
  if (node.op === "contract") return "contraction";
  if (node.op === "scatterAdd" || node.op === "unwindow") return "accumulate";
  if (node.op === "sum" || node.op === "reduceMax") return reductionKind(node as Node<"sum">);
  // A pad that is no region of its own has to be one all the same; regionsOf accepts every pad.
  return shared ? "map" : undefined;
}

/** Which loops reduce fastest: along the last axis, along an earlier one with the last axis in lanes, or written out. */
function reductionKind(node: Node<"sum"> | Node<"reduceMax">): "row" | "column" | "map" {
  const source = node.inputs[0] as Tensor;
  const { axes } = node.attributes;
  const proper = source.shape.map((_, axis) => axis).filter((axis) => source.shape[axis] !== 1);
  const places = proper.map((axis) => axes.includes(axis));
  const cells = axes.reduce((size, axis) => size * (source.shape[axis] as number), 1);
  const windowed = windowBelow(source);
  if (cells <= UNROLLED_REDUCTION && windowed !== undefined && axes.every((axis) => axis >= windowed))
    return "map";
  return places[places.length - 1] === true ? "row" : "column";
}

/** The rank before windowing when the node is (an element-wise function of) a window, else undefined. */
function windowBelow(node: Tensor): number | undefined {
  let inner: Tensor | undefined = node;
  for (let depth = 0; inner !== undefined && depth < 8; depth++) {
    if (inner.op === "window") return (inner.inputs[0] as Tensor).shape.length;
    inner = inner.inputs.find(
      (input) => valueOfFilled(input) === undefined && input.shape.length === node.shape.length,
    );
  }
  return undefined;
}

/** Recomputing it costs no more than loading it. Comparisons have no form in memory. */
function isCheap(node: Tensor): boolean {
  return node.dtype === "bool" || node.op === "cast" || isMovement(node) || isPosition(node);
}

const positions = new WeakMap<Tensor, boolean>();

/** A function of the position alone: iota and constants under element-wise ops. */
function isPosition(node: Tensor): boolean {
  if (node.op === "iota" || valueOfFilled(node) !== undefined) return true;
  const known = positions.get(node);
  if (known !== undefined) return known;
  const computable = node.op === "add" || node.op === "multiply" || node.op === "cast" || isMovement(node);
  const verdict = computable && node.inputs.every(isPosition);
  positions.set(node, verdict);
  return verdict;
}

/** Movements that read an element several times. */
function repeats(node: Tensor): boolean {
  return node.op === "expand" || node.op === "window";
}

/** A contraction reads its operands from memory: what computes them, below movements, is stored. */
function storeOperand(operand: Tensor, wanted: Set<Tensor>, isLeaf: (node: Tensor) => boolean): void {
  let base = operand;
  if (valueOfFilled(operand) === undefined)
    while (isMovement(base) && !wanted.has(base)) base = base.inputs[0] as Tensor;
  if (!isLeaf(base)) wanted.add(base);
}
