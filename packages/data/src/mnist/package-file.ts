import { ArgumentError } from "@myelin/tensor";

/** A package with data that is not installed. */
export class MissingPackageError extends Error {
  override readonly name = "MissingPackageError";
  readonly packageName: string;

  constructor(packageName: string, cause: unknown) {
    super(`The npm package "${packageName}" is not installed. Install it with: npm install ${packageName}`, {
      cause,
    });
    this.packageName = packageName;
  }
}

/** The few functions of Node that are needed, so that this file compiles and bundles without Node. */
interface Builtins {
  getBuiltinModule(name: "node:fs"): { readFileSync(path: string): Uint8Array };
  getBuiltinModule(name: "node:module"): { createRequire(from: string): { resolve(name: string): string } };
  getBuiltinModule(name: "node:path"): { dirname(path: string): string; join(...parts: string[]): string };
  cwd(): string;
}

/**
 * The bytes of a file inside an installed package, whose code is never run. Node's modules are asked for at run time, not
 * imported, so that bundles for browsers do not meet them. The package is looked for beside this one, then from the
 * current folder.
 *
 * Throws `MissingPackageError`, and `ArgumentError` where there are no files.
 */
export function readPackageFile(packageName: string, path: string): Uint8Array {
  const builtins = (globalThis as { process?: Partial<Builtins> }).process;
  if (builtins?.getBuiltinModule === undefined) {
    const hint = "In a browser, pass bytes or addresses of the files to loadMnist.";
    throw new ArgumentError(
      "mnist",
      "Node 20.16 or newer, or another runtime with its modules",
      "none",
      hint,
    );
  }
  const { readFileSync } = builtins.getBuiltinModule("node:fs");
  const { dirname, join } = builtins.getBuiltinModule("node:path");
  return readFileSync(join(dirname(manifestOf(packageName, builtins as Builtins)), path));
}

function manifestOf(packageName: string, builtins: Builtins): string {
  const { createRequire } = builtins.getBuiltinModule("node:module");
  const { join } = builtins.getBuiltinModule("node:path");
  let reason: unknown;
  for (const from of [import.meta.url, join(builtins.cwd(), "package.json")]) {
    try {
      return createRequire(from).resolve(`${packageName}/package.json`);
    } catch (error) {
      reason = error;
    }
  }
  throw new MissingPackageError(packageName, reason);
}
