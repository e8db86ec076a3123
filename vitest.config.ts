import type { ViteUserConfig } from "vitest/config";
import { packages, sourceAliases } from "./scripts/vitest/workspace.ts";

type Project = Exclude<NonNullable<NonNullable<ViteUserConfig["test"]>["projects"]>[number], string>;

const resolve = { alias: sourceAliases() };
const setupFiles = ["scripts/vitest/forbid-console.ts"];

/** The unit tests of one package; they see every workspace package as source. */
function unit(folder: string): Project {
  return { resolve, test: { name: folder, include: [`packages/${folder}/src/**/*.test.ts`], setupFiles } };
}

/** The shared suites, once per engine: what passes on the one must pass on the other. */
function conformance(engine: "interpreter" | "wasm"): Project {
  return {
    resolve,
    test: {
      name: engine,
      include: ["internal/conformance/src/**/*.test.ts"],
      env: { MYELIN_ENGINE: engine },
      setupFiles,
    },
  };
}

/** Tests of types (`*.test-d.ts`): one run of the compiler, nothing is executed. */
const types: Project = {
  resolve,
  test: {
    name: "types",
    include: [],
    typecheck: {
      enabled: true,
      only: true,
      include: ["packages/*/src/**/*.test-d.ts"],
      tsconfig: "tsconfig.json",
      ignoreSourceErrors: true,
    },
  },
};

const config: ViteUserConfig = {
  test: {
    projects: [...packages.map(unit), conformance("interpreter"), conformance("wasm"), types],
  },
};

export default config;
