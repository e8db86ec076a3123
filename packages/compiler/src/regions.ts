import { contiguous, movedView, type Node, sizeOf, type Tensor, type View } from "@myelin/tensor";
import { isMovement, unmoveView } from "./view.js";

/** One part of a tensor that is written piece by piece: `source` goes where `view` (over the source's shape) points. */
export interface Region {
  readonly source: Tensor;
  readonly view: View;
}

/** A tensor that is put together from disjoint regions; the rest holds `fill`. `concatenate` and `pad` are written so. */
export interface Regions {
  readonly parts: readonly Region[];
  readonly fill: number;
  /** Whether any cell is not covered by a part. */
  readonly gaps: boolean;
}

interface Box {
  readonly low: readonly number[];
  /** Behind the last cell. */
  readonly high: readonly number[];
}

/** Reads `pad(x)` and sums of pads with disjoint boxes (as `concatenate` writes them) as regions of one tensor. */
export function regionsOf(root: Tensor, userCount: (node: Tensor) => number): Regions | undefined {
  const parts: Region[] = [];
  const boxes: Box[] = [];
  const collect = (node: Tensor): boolean => {
    if (node !== root && userCount(node) > 1) return false;
    if (node.op === "add") return node.inputs.every(collect);
    if (node.op !== "pad" || (node !== root && paddingOf(node).value !== 0)) return false;
    const { low, interior } = paddingOf(node);
    const [source] = node.inputs as [Tensor];
    const { shape } = source;
    const step = interior.map((cells) => cells + 1);
    parts.push({ source, view: movedView("slice", { start: low, step }, contiguous(node.shape), shape) });
    const high = low.map((start, axis) => start + ((shape[axis] as number) - 1) * (step[axis] as number) + 1);
    boxes.push({ low, high });
    return true;
  };
  if (!collect(root) || boxes.some((box, i) => boxes.slice(i + 1).some((other) => overlap(box, other))))
    return undefined;
  const covered = parts.reduce((sum, { source }) => sum + sizeOf(source.shape), 0);
  const fill = root.op === "pad" ? paddingOf(root).value : 0;
  return { parts, fill, gaps: covered < sizeOf(root.shape) };
}

function paddingOf(node: Tensor): Node<"pad">["attributes"] {
  return (node as Node<"pad">).attributes;
}

function overlap(a: Box, b: Box): boolean {
  const behind = (one: Box, other: Box) => one.low.some((low, axis) => low >= (other.high[axis] as number));
  return !behind(a, b) && !behind(b, a);
}

/** Follows movements down from a part to the node that computes it, so that this node can write the region itself. */
export function writerOf({ source, view }: Region, stopAt: (node: Tensor) => boolean): Region {
  const inner = isMovement(source) && !stopAt(source) ? unmoveView(source, view) : undefined;
  return inner ? writerOf({ source: source.inputs[0] as Tensor, view: inner }, stopAt) : { source, view };
}
