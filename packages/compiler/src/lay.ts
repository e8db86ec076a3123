import type { Tensor } from "@myelin/tensor";
import { collapsedExtents, collapsedStrides, mergeRuns, type Run } from "./collapse.js";
import type { Group } from "./group.js";
import { type Member, reduces } from "./member.js";
import type { Contraction, Kernel, Operand } from "./program.js";
import { Unwritable } from "./unwritable.js";
import { readsOf, type Walk, withWalks } from "./walk.js";

/** Brings a group's extents into the order that its family asks for, and merges those that all walks take as one. */
export function layLoops({ family, extents, range, members }: Group, kernel: Kernel): Kernel {
  const { contraction, stores, body } = kernel;
  const walks = [
    ...stores.map(({ address }) => address),
    ...readsOf(kernel),
    ...body.filter((instruction) => instruction.op === "index"),
  ].map(({ strides }) => strides);
  // Positions may come in any order: the one in which operands, or the first store, walk memory.
  const loops = (from: number, to?: number, along?: Walk): Run[] => {
    const axes = [...extents.keys()].slice(from, to);
    if (family === "accumulate") return axes.map((axis) => [axis]);
    const reach = (axis: number) => Math.abs(along?.strides[axis] ?? 0);
    return mergeRuns(
      axes.sort((a, b) => reach(b) - reach(a)),
      extents,
      walks,
    );
  };
  const before = loops(0, range[0]);
  const within = loops(...range, contraction?.left);
  const behind = loops(
    range[1],
    undefined,
    contraction?.right ?? (family === "map" ? stores[0]?.address : undefined),
  );
  let runs: Run[];
  if (family === "accumulate") {
    // Positions that differ in the last extent never meet in one element: windows of one cell, or elements of one row. A
    // last extent of 1 keeps equal rows apart when they are single numbers.
    runs = [...behind, ...within, ...(stores[0]?.address.indirect?.stride === 1 ? [[]] : [])];
  } else if (family === "row") {
    runs = [...before, ...behind, ...within];
  } else {
    // The last extent is walked in lanes. A contraction has one in any case.
    const lanes: Run[] = behind.length || !contraction ? behind.slice(-1) : [[]];
    runs = [...before, ...behind.slice(0, -1), ...within, ...lanes];
  }
  const reduction = members.find(reduces);
  if (reduction && within.length > 1) throw unmergeable(reduction, members.length);
  if (runs.length === 0) runs = [[]];
  const collapsed = withWalks(kernel, (walk) => ({ ...walk, strides: collapsedStrides(walk.strides, runs) }));
  return {
    ...collapsed,
    family: family === "accumulate" ? "map" : family,
    extents: collapsedExtents(extents, runs),
    contraction: collapsed.contraction && layInner(collapsed.contraction),
  };
}

/** Merges the contracted extents; there is at least one. */
function layInner({ extents, left, right }: Contraction): Contraction {
  const merged = mergeRuns([...extents.keys()], extents, [left.contractedStrides, right.contractedStrides]);
  const runs = merged.length ? merged : [[]];
  const along = (operand: Operand): Operand => ({
    ...operand,
    contractedStrides: collapsedStrides(operand.contractedStrides, runs),
  });
  return { extents: collapsedExtents(extents, runs), left: along(left), right: along(right) };
}

/** Reduced extents that no single loop walks: first without company, then over a stored operand. */
function unmergeable({ node }: Member, company: number): Unwritable {
  return company > 1 ? new Unwritable(node, "alone") : new Unwritable(node.inputs[0] as Tensor, "stored");
}
