import { mapRecord } from "./map-record.js";

/** Nested records of leaves: the parameters of a model by name. */
export type Tree<Leaf> = Leaf | { readonly [name: string]: Tree<Leaf> };

/** The same tree with every leaf replaced. By default a leaf is anything that is not a plain record. */
export function mapTree<Leaf, Result>(
  tree: Tree<Leaf>,
  replace: (leaf: Leaf, path: string) => Result,
  isLeaf: (tree: Tree<Leaf>) => boolean = isNoRecord,
): Tree<Result> {
  const visit = (node: Tree<Leaf>, path: string): Tree<Result> =>
    isLeaf(node)
      ? replace(node as Leaf, path)
      : mapRecord(node as Readonly<Record<string, Tree<Leaf>>>, (child, name) =>
          visit(child, path ? `${path}/${name}` : name),
        );
  return visit(tree, "");
}

/** All leaves with their paths ("dense_1/kernel"), in the order they were written. */
export function treeEntries<Leaf>(
  tree: Tree<Leaf>,
  isLeaf?: (tree: Tree<Leaf>) => boolean,
): [path: string, leaf: Leaf][] {
  const entries: [string, Leaf][] = [];
  mapTree(tree, (leaf, path) => entries.push([path, leaf]), isLeaf);
  return entries;
}

/** Whether something is no `{ name: value }` as people write it: lists, Maps, promises, tensors and numbers are none. */
export function isNoRecord(value: unknown): boolean {
  return Object(value) !== value || ![Object.prototype, null].includes(Object.getPrototypeOf(value));
}
