import { extentsOf, inOrder, type Node, obtain, sizeOf, type Tensor, type View } from "@myelin/tensor";
import type { BufferId } from "./program.js";
import { type Regions, regionsOf, writerOf } from "./regions.js";
import { isFilled } from "./simplify.js";
import { isMovement } from "./view.js";

/**
 * A node with an identity of its own: it is computed once, in one kernel, and read by others. All other nodes are written
 * into the expressions that use them.
 */
export interface Computed {
  readonly id: BufferId;
  readonly node: Tensor;
  readonly kind: "map" | "row" | "column" | "contraction" | "regions" | "accumulate";
  readonly regions?: Regions | undefined;
}

export interface Analysis {
  /** Inputs before users; each stands at the place of its id. */
  readonly computed: readonly Computed[];
  /** What the buffers hold: computed nodes, then leaves. These numbers are provisional, `assemble` gives the final ones. */
  readonly tensors: readonly Tensor[];
  bufferOf(node: Tensor): BufferId | undefined;
  isLeaf(buffer: BufferId): boolean;
  /** Where a computed node's value must also go: parts of `regions`. */
  readonly destinations: ReadonlyMap<Tensor, readonly { readonly to: Tensor; readonly view: View }[]>;
}

/** What is found out about a node on the way from the roots. */
interface Notes {
  /** How many nodes have it as an input. */
  users: number;
  /** The computed nodes that read it. */
  readonly readers: Set<Tensor>;
  /** It has to be computed, because it is a root, or read from memory. */
  wanted: boolean;
  /** Its elements are read several times each. */
  repeated: boolean;
}

/** Decides which nodes are computed. `roots` always are; `stored` are nodes that an earlier attempt had to store. */
export function analyse(roots: readonly Tensor[], stored: ReadonlySet<Tensor>): Analysis {
  const nodes = inOrder(roots);
  const notes = new Map<Tensor, Notes>();
  const notesOf = (node: Tensor): Notes =>
    obtain(notes, node, () => ({ users: 0, readers: new Set(), wanted: stored.has(node), repeated: false }));
  for (const node of nodes) for (const input of node.inputs) notesOf(input).users++;
  for (const root of roots) notesOf(root).wanted = true;
  const isWanted = (node: Tensor) => notesOf(node).wanted;
  const found: Omit<Computed, "id">[] = [];
  const destinations = new Map<Tensor, { to: Tensor; view: View }[]>();

  // Users come before their inputs.
  for (const node of nodes.reverse()) {
    const { wanted, readers, repeated } = notesOf(node);
    // Nobody reads inner sums and pads of regions.
    if ((!wanted && readers.size === 0) || isStoredLeaf(node)) continue;
    if (!wanted && (isFilled(node) || node.op === "iota")) continue;
    const regions = regionsOf(node, (inner) => notesOf(inner).users);
    const shared = wanted || ((readers.size > 1 || repeated) && !isCheap(node));
    const kind = kindOf(node, regions, shared);
    if (kind) found.push({ node, kind, regions });
    if (kind === "regions") {
      for (const part of regions?.parts ?? []) {
        // `simplify` sees to it that a kernel computes what writes a part.
        const { source, view } = writerOf(part, isWanted);
        obtain(destinations, source, () => []).push({ to: node, view });
        notesOf(source).wanted = true;
      }
      continue;
    }
    for (const input of node.inputs) {
      const below = notesOf(input);
      for (const reader of kind ? [node] : readers) below.readers.add(reader);
      if ((!kind && repeated) || ((kind ?? "map") === "map" && repeats(node))) below.repeated = true;
      if (kind === "contraction") notesOf(storedOperand(input, isWanted)).wanted = true;
    }
  }

  const computed = found.reverse().map((each, id): Computed => ({ ...each, id }));
  const tensors = computed.map(({ node }) => node);
  const numbers = new Map(tensors.map((node, id) => [node, id]));
  return {
    computed,
    tensors,
    destinations,
    isLeaf: (buffer) => buffer >= computed.length,
    bufferOf(node) {
      if (ownsMemory(node) && !numbers.has(node)) numbers.set(node, tensors.push(node) - 1);
      return numbers.get(node);
    },
  };
}

/** Parameters, inputs and constants have memory of their own. */
export function ownsMemory({ op }: Tensor): boolean {
  return op === "parameter" || op === "input" || op === "constant";
}

/** Constants of one element are written into the expressions that use them. */
function isStoredLeaf(node: Tensor): boolean {
  return ownsMemory(node) && (node.op !== "constant" || sizeOf(node.shape) !== 1);
}

function kindOf(node: Tensor, regions: Regions | undefined, shared: boolean): Computed["kind"] | undefined {
  if (regions) return "regions";
  if (node.op === "contract") return "contraction";
  if (node.op === "scatterAdd" || node.op === "unwindow") return "accumulate";
  if (node.op === "sum" || node.op === "reduceMax") return reductionKind(node as Node<"sum">);
  // A pad that is no region of its own has to be one all the same; regionsOf accepts every pad.
  return shared ? "map" : undefined;
}

/** Which loops reduce fastest: along the last axis, along an earlier one with the last axis in lanes, or written out. */
function reductionKind({
  inputs,
  attributes: { axes },
}: Node<"sum"> | Node<"reduceMax">): "row" | "column" | "map" {
  /** Reductions over at most this many elements are written out where a loop over them would have no fast form. */
  const UNROLLED_REDUCTION = 32;
  const [source] = inputs as [Tensor];
  const { shape } = source;
  const windowed = windowBelow(source);
  const isSmall = sizeOf(extentsOf(shape, axes)) <= UNROLLED_REDUCTION;
  if (isSmall && windowed !== undefined && axes.every((axis) => axis >= windowed)) return "map";
  return axes.includes(shape.findLastIndex((extent) => extent !== 1)) ? "row" : "column";
}

/** The rank before windowing when the node is (an element-wise function of) a window, else undefined. */
function windowBelow(node: Tensor): number | undefined {
  let inner: Tensor | undefined = node;
  for (let depth = 0; inner && depth < 8; depth++) {
    if (inner.op === "window") return inner.inputs[0]?.shape.length;
    inner = inner.inputs.find((input) => !isFilled(input) && input.shape.length === node.shape.length);
  }
  return undefined;
}

/** Recomputing it costs no more than loading it. Comparisons have no form in memory. */
function isCheap(node: Tensor): boolean {
  return node.dtype === "bool" || node.op === "cast" || isMovement(node) || isPosition(node);
}

/** A function of the position alone: iota and constants under element-wise ops. */
function isPosition(node: Tensor): boolean {
  if (node.op === "iota" || isFilled(node)) return true;
  const computable = node.op === "add" || node.op === "multiply" || node.op === "cast" || isMovement(node);
  return computable && node.inputs.every(isPosition);
}

/** Movements that read an element several times. */
function repeats({ op }: Tensor): boolean {
  return op === "expand" || op === "window";
}

/** A contraction reads its operands from memory: what computes them, below movements, is stored. */
function storedOperand(operand: Tensor, isWanted: (node: Tensor) => boolean): Tensor {
  let base = operand;
  if (!isFilled(operand)) while (isMovement(base) && !isWanted(base)) base = base.inputs[0] as Tensor;
  return base;
}
