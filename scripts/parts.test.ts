import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as activations from "@myelin/activations";
import * as data from "@myelin/data";
import * as layers from "@myelin/layers";
import * as losses from "@myelin/losses";
import * as metrics from "@myelin/metrics";
import * as optimizer from "@myelin/optimizer";
import * as training from "@myelin/training";
import { expect, test } from "vitest";
import { root } from "./vitest/workspace.ts";

/** Who reads only the docs must find everything that they may use: docs/parts.md names every member of the open sets. */
const document = readFileSync(join(root, "docs/parts.md"), "utf8");
const named = new Set([...document.matchAll(/`(\w+)`/g)].map(([, name]) => name));
const { initializers, regularizers } = layers;
const sets = { activations, layers, initializers, regularizers, losses, metrics, optimizer, training, data };

test.each(Object.entries(sets))("docs/parts.md names all %s", (_, set) => {
  expect(Object.keys(set).filter((name) => !named.has(name))).toEqual([]);
});

test("docs/parts.md begins no row with a name that does not exist", () => {
  const all = Object.assign({}, ...Object.values(sets)) as Record<string, unknown>;
  const firstCells = [...document.matchAll(/^\| (`.*?) \|/gm)].map(([, cell]) => cell as string);
  const names = firstCells.flatMap((cell) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name as string),
  );
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name) => all[name] === undefined)).toEqual([]);
});
