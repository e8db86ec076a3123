import type { ParameterSpec, ParameterSpecs } from "./contracts.js";
import { mapTree, type Tree, treeEntries } from "./tree.js";

/** Replaces every parameter that a layer declares: the tree of tensors, of values or of anything else by the same names. */
export function mapParameterSpecs<Result>(
  specs: ParameterSpecs,
  replace: (spec: ParameterSpec, path: string) => Result,
): { readonly [name: string]: Tree<Result> } {
  return mapTree(specs as Tree<ParameterSpec>, replace, isSpec) as { readonly [name: string]: Tree<Result> };
}

/** All declared parameters with their paths ("dense_1/kernel"), in the order they were written. */
export function parameterSpecEntries(specs: ParameterSpecs): [path: string, spec: ParameterSpec][] {
  return treeEntries(specs as Tree<ParameterSpec>, isSpec);
}

/** A record of specs may have a member called "shape"; only a spec has one that is an array. */
function isSpec({ shape }: Tree<ParameterSpec>): boolean {
  return Array.isArray(shape);
}
