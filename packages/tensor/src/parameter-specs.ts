import type { ParameterSpec, ParameterSpecs } from "./contracts.js";
import type { Tree } from "./tree.js";

/** Replaces every parameter that a layer declares: the tree of tensors, of values or of anything else by the same names. */
export function mapParameterSpecs<Result>(
  specs: ParameterSpecs,
  replace: (spec: ParameterSpec, path: string) => Result,
  path = "",
): { readonly [name: string]: Tree<Result> } {
  return Object.fromEntries(
    Object.entries(specs).map(([name, child]) => {
      const full = path === "" ? name : `${path}/${name}`;
      return [name, isSpec(child) ? replace(child, full) : mapParameterSpecs(child, replace, full)];
    }),
  );
}

/** All declared parameters with their paths ("dense_1/kernel"), in the order they were written. */
export function parameterSpecEntries(specs: ParameterSpecs): [path: string, spec: ParameterSpec][] {
  const entries: [string, ParameterSpec][] = [];
  mapParameterSpecs(specs, (spec, path) => entries.push([path, spec]));
  return entries;
}

/** A record of specs may have a member called "shape"; only a spec has one that is an array. */
function isSpec(child: ParameterSpec | ParameterSpecs): child is ParameterSpec {
  return Array.isArray(child.shape);
}
