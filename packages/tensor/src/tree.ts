/** Nested records of leaves: the parameters of a model by name. */
export type Tree<Leaf> = Leaf | { readonly [name: string]: Tree<Leaf> };

function isBranch<Leaf>(tree: Tree<Leaf>): tree is { readonly [name: string]: Tree<Leaf> } {
  const prototype: unknown =
    typeof tree === "object" && tree !== null ? Object.getPrototypeOf(tree) : undefined;
  return prototype === Object.prototype || prototype === null;
}

/** The same tree with every leaf replaced. A leaf is anything that is not a plain record. */
export function mapTree<Leaf, Result>(
  tree: Tree<Leaf>,
  replace: (leaf: Leaf, path: string) => Result,
  path = "",
): Tree<Result> {
  if (!isBranch(tree)) return replace(tree, path);
  const join = (name: string) => (path === "" ? name : `${path}/${name}`);
  return Object.fromEntries(
    Object.entries(tree).map(([name, child]) => [name, mapTree(child, replace, join(name))]),
  );
}

/** All leaves with their paths ("dense_1/kernel"), in the order they were written. */
export function treeEntries<Leaf>(tree: Tree<Leaf>): [path: string, leaf: Leaf][] {
  const entries: [string, Leaf][] = [];
  mapTree(tree, (leaf, path) => entries.push([path, leaf]));
  return entries;
}
