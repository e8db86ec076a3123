import { invariant, type Node, stridesOf, type Tensor } from "@myelin/tensor";
import { isMovement, unmoveView, type View } from "./view.js";

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
  /** Nodes between the root and the parts that vanish: inner sums and pads. */
  readonly absorbed: readonly Tensor[];
}

interface Box {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Reads `pad(x)` and sums of pads with disjoint boxes (as `concatenate` writes them) as regions of one tensor. */
export function regionsOf(root: Tensor, userCount: (node: Tensor) => number): Regions | undefined {
  if (root.op !== "pad" && root.op !== "add") return undefined;
  const parts: Region[] = [];
  const boxes: Box[] = [];
  const absorbed: Tensor[] = [];
  const collect = (node: Tensor): boolean => {
    if (node !== root) {
      if (userCount(node) > 1) return false;
      absorbed.push(node);
    }
    if (node.op === "add") return node.inputs.every(collect);
    if (node.op !== "pad" || (node !== root && (node as Node<"pad">).attributes.value !== 0)) return false;
    const { low, interior } = (node as Node<"pad">).attributes;
    const source = node.inputs[0] as Tensor;
    const strides = stridesOf(node.shape);
    parts.push({
      source,
      view: {
        shape: source.shape,
        strides: strides.map((stride, axis) => stride * ((interior[axis] as number) + 1)),
        offset: strides.reduce((sum, stride, axis) => sum + stride * (low[axis] as number), 0),
      },
    });
    const spread = source.shape.map((extent, axis) => (extent - 1) * ((interior[axis] as number) + 1) + 1);
    boxes.push({ low, high: spread.map((extent, axis) => extent + (low[axis] as number)) });
    return true;
  };
  if (!collect(root) || overlapping(boxes)) return undefined;
  const cells = (shape: readonly number[]) => shape.reduce((size, extent) => size * extent, 1);
  const covered = parts.reduce((sum, { source }) => sum + cells(source.shape), 0);
  const fill = root.op === "pad" ? (root as Node<"pad">).attributes.value : 0;
  return { parts, fill, gaps: covered < cells(root.shape), absorbed };
}

/** Follows movements down from a part to the node that computes it, so that this node can write the region itself. */
export function writerOf(region: Region, stopAt: (node: Tensor) => boolean): Region {
  let { source, view } = region;
  while (isMovement(source) && !stopAt(source)) {
    const inner = unmoveView(source, view);
    if (inner === undefined) break;
    source = source.inputs[0] as Tensor;
    view = inner;
  }
  invariant(view.strides.length === source.shape.length, "a region lost an axis");
  return { source, view };
}

/** Sweeps along the axis with most distinct starts: boxes that are disjoint there need no further look. */
function overlapping(boxes: readonly Box[]): boolean {
  const rank = boxes[0]?.low.length ?? 0;
  const disjoint = (a: Box, b: Box): boolean => {
    for (let axis = 0; axis < rank; axis++) {
      if (
        (a.high[axis] as number) <= (b.low[axis] as number) ||
        (b.high[axis] as number) <= (a.low[axis] as number)
      )
        return true;
    }
    return false;
  };
  return boxes.some((box, i) => boxes.slice(i + 1).some((other) => !disjoint(box, other)));
}
