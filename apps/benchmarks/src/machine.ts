import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import type { Contender } from "./contender.js";

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory: string;
  readonly platform: string;
  readonly node: string;
  readonly v8: string;
  readonly date: string;
  /** How many processes wanted a core on average, in the minute before. */
  readonly load: number;
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    v8: process.versions.v8,
    date: new Date().toISOString().slice(0, 10),
    load: Number(loadavg()[0]!.toFixed(2)),
  };
}

/** From the package as it is installed; its `exports` may hide its package.json, so it is looked for as a file. */
export function versionOf(contender: Contender): string | undefined {
  if (contender.package === undefined) return undefined;
  const paths = createRequire(import.meta.url).resolve.paths(contender.package) ?? [];
  for (const path of paths) {
    try {
      const text = readFileSync(join(path, contender.package, "package.json"), "utf8");
      return (JSON.parse(text) as { version: string }).version;
    } catch {}
  }
  return undefined;
}
