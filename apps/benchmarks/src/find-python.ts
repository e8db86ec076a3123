import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";

let found: string | null | undefined;

/** The first python3 on the PATH that has PyTorch (Debian: python3-torch), or null. `PYTHON` names another. */
export function findPython(): string | null {
  if (found !== undefined) return found;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = [process.env.PYTHON ?? "", ...folders.map((folder) => join(folder, "python3"))];
  found = candidates.find((path) => path !== "" && hasTorch(path)) ?? null;
  return found;
}

function hasTorch(python: string): boolean {
  return spawnSync(python, ["-c", "import torch, numpy"], { stdio: "ignore" }).status === 0;
}
