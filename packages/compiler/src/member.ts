import {
  contiguous,
  contractedExtents,
  movedView,
  type Node,
  type Shape,
  spreadOperands,
  type Tensor,
  type View,
} from "@myelin/tensor";
import type { Analysis, Computed } from "./computed.js";
import { behind, expressionsIn, numberType, type Place, placeOf } from "./expression.js";
import type { Group } from "./group.js";
import type { Address, BufferId, Contraction, Instruction, Operand, Value } from "./program.js";
import { Unwritable } from "./unwritable.js";
import { isMovement } from "./view.js";
import { readsOf, type Walk } from "./walk.js";

/**
 * A computed node, written as a kernel of its own; a group pastes the bodies of its members together. All walks are over
 * the member's iteration space (a reduction walks its operand), without its extents of 1.
 */
export interface Member {
  readonly id: BufferId;
  readonly node: Tensor;
  readonly kind: Computed["kind"];
  group: Group;
  readonly body: readonly Instruction[];
  /** What the node is; for `accumulate`, what is added to it. */
  readonly value: Value;
  readonly contraction?: Contraction | undefined;
  readonly reads: readonly (Address | Operand)[];
  /** Where its value goes: its own buffer (`accumulate` adds to other elements of it), then those that take it as a part. */
  readonly homes: readonly Address[];
  /** The buffers of `homes`, and the parameter that the value may be written over. */
  readonly writes: readonly BufferId[];
}

/** Writes a member; its group consists of itself. */
export function memberOf(
  { id, node, kind }: Computed,
  { bufferOf, destinations }: Analysis,
  updated: BufferId | undefined,
): Member {
  const body: Instruction[] = [];
  const write = (instruction: Instruction) => body.push(instruction) - 1;
  const { read, define, rowAddress } = expressionsIn(write, bufferOf);
  const [first, second] = node.inputs as [Tensor, Tensor];
  let space = node;
  let range: Group["range"] = [0, 0];
  let contraction: Contraction | undefined;
  let value: Value;
  const place = placeOf(withoutUnits);
  const views = [{ to: node, view: contiguous(node.shape) }, ...(destinations.get(node) ?? [])];
  let homes = views.map(
    ({ to, view }): Address => ({ buffer: bufferOf(to) as BufferId, ...withoutUnits(view) }),
  );
  if (kind === "contraction") {
    ({ contraction, range } = contractionOf(node as Node<"contract">, bufferOf));
    value = write({ op: "accumulator", type: "f32" });
  } else if (kind === "row" || kind === "column") {
    space = first;
    range = reducedRange(node as Node<"sum">, space.shape);
    const reduction = node.op === "sum" ? "sum" : "maximum";
    const input = read(space, place);
    value = write({ op: "reduce", type: numberType(node.dtype), reduction, input });
  } else if (kind === "accumulate") {
    const scattered = node.op === "scatterAdd";
    space = scattered ? second : first;
    value = read(space, place);
    homes = [
      scattered
        ? rowAddress(id, node.shape, first, place)
        : {
            buffer: id,
            ...withoutUnits(
              movedView("window", (node as Node<"unwindow">).attributes, contiguous(node.shape), space.shape),
            ),
          },
    ];
    // A window's cells are walked outside of its positions.
    if (!scattered) range = [0, proper(space.shape.slice(0, node.shape.length)).length];
  } else {
    value = define(node, place);
  }
  const group: Group = {
    id,
    family: kind as Group["family"],
    extents: proper(space.shape),
    range,
    members: [],
    atResults: new Set(),
  };
  const member: Member = {
    id,
    node,
    kind,
    group,
    body,
    value,
    contraction,
    reads: readsOf({ body, contraction }),
    homes,
    writes: [...homes.map(({ buffer }) => buffer), ...(updated === undefined ? [] : [updated])],
  };
  group.members.push(member);
  if (reduces(member)) group.atResults.add(member);
  return member;
}

export function reduces({ kind }: Pick<Member, "kind">): boolean {
  return kind === "row" || kind === "column";
}

function proper(shape: Shape): number[] {
  return shape.filter((extent) => extent !== 1);
}

/** Axes of extent 1 are no loops. */
function withoutUnits({ shape, strides, offset }: View): Walk {
  return { offset, strides: strides.filter((_, axis) => shape[axis] !== 1) };
}

/** Reduced axes are neighbours (`simplify` splits others) of extents other than 1, so they are one range of the extents. */
function reducedRange({ attributes: { axes } }: Node<"sum">, shape: Shape): Group["range"] {
  const from = proper(shape.slice(0, axes[0])).length;
  return [from, from + axes.length];
}

/**
 * Every axis of the result is a batch axis, a row (of the left operand) or a column (of the right one). Without columns (a
 * matrix times a vector) the operands change places, so that rows are computed in lanes.
 */
function contractionOf(
  node: Node<"contract">,
  bufferOf: Analysis["bufferOf"],
): { contraction: Contraction; range: Group["range"] } {
  const rank = node.shape.length;
  const inner = contractedExtents(node);
  const [left, right] = spreadOperands(node, inner).map((operand) => storedWalk(operand, bufferOf)) as [
    Address,
    Address,
  ];
  const reach = ({ strides }: Walk, i: number) => Math.abs(strides[rank + i] as number);
  // The order of summation follows the right operand's memory: for a convolution, window rows, window columns, channels.
  const order = [...inner.keys()]
    .filter((i) => inner[i] !== 1)
    .sort((a, b) => reach(right, b) - reach(right, a) || reach(left, b) - reach(left, a));
  const operand = ({ buffer, offset, strides }: Address): Operand => ({
    buffer,
    ...withoutUnits({ shape: node.shape, strides: strides.slice(0, rank), offset }),
    contractedStrides: order.map((i) => strides[rank + i] as number),
  });
  const operands = [operand(left), operand(right)] as const;
  const { leftBatch, leftContracted } = node.attributes;
  const batches = proper(node.shape.slice(0, leftBatch.length)).length;
  const rows = proper(
    node.shape.slice(0, (node.inputs[0]?.shape.length as number) - leftContracted.length),
  ).length;
  const isTurned = rows === proper(node.shape).length;
  const [one, other] = isTurned ? [operands[1], operands[0]] : operands;
  const extents = order.map((i) => inner[i] as number);
  return { contraction: { extents, left: one, right: other }, range: [batches, isTurned ? batches : rows] };
}

/** An operand of a contraction is in memory, under movements. */
function storedWalk(operand: Tensor, bufferOf: Analysis["bufferOf"]): Address {
  let base = operand;
  let place: Place = placeOf((view) => view);
  while (isMovement(base) && bufferOf(base) === undefined) {
    place = behind(base, place);
    base = base.inputs[0] as Tensor;
  }
  const buffer = bufferOf(base);
  if (buffer === undefined) throw new Unwritable(base, "stored");
  const { offset, strides } = place.walk(contiguous(base.shape));
  return { buffer, offset, strides };
}
