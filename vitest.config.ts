import type { ViteUserConfig } from "vitest/config";
import { findChromium } from "./scripts/chromium.mjs";
import { writeExamples } from "./scripts/examples.ts";
import { packages, sourceAliases } from "./scripts/vitest/workspace.ts";

type Project = Exclude<NonNullable<NonNullable<ViteUserConfig["test"]>["projects"]>[number], string>;

const resolve = { alias: sourceAliases() };
/**
 * Files share a process: the packages keep no global state, so a fresh one per file would only cost time (25 s for 60
 * files on two cores).
 */
const shared = { setupFiles: ["scripts/vitest/forbid-console.ts"], isolate: false, restoreMocks: true };
const chromium = findChromium();
writeExamples();

/** The unit tests of one package; they see every workspace package as source. */
function unit(folder: string): Project {
  return { resolve, test: { ...shared, name: folder, include: [`packages/${folder}/src/**/*.test.ts`] } };
}

/** The shared suites, once per engine: what passes on the one must pass on the other. */
function conformance(engine: "interpreter" | "wasm"): Project {
  return {
    resolve,
    test: {
      ...shared,
      name: engine,
      include: ["internal/conformance/src/**/*.test.ts"],
      env: { MYELIN_ENGINE: engine },
    },
  };
}

/** The programs in apps/ and the repository's own scripts. */
const programs: Project = {
  resolve,
  test: { ...shared, name: "programs", include: ["apps/*/src/**/*.test.ts", "scripts/**/*.test.ts"] },
};

/** Every example in README.md and docs/; see scripts/examples.ts. Examples may print. */
const examples: Project = {
  resolve,
  test: { name: "docs", include: [".examples/*.test.ts"] },
};

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

/** The built demo in headless Chromium. It runs what ships, so it needs a build, and no aliases. */
function browser(path: string): Project {
  return {
    test: {
      name: "browser",
      include: ["apps/demo/e2e/**/*.test.ts"],
      globalSetup: ["scripts/vitest/serve-demo.ts"],
      env: { CHROMIUM_PATH: path },
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  };
}

const config: ViteUserConfig = {
  test: {
    silent: "passed-only",
    projects: [
      ...packages.map(unit),
      conformance("interpreter"),
      conformance("wasm"),
      programs,
      examples,
      types,
      ...(chromium === null ? [] : [browser(chromium)]),
    ],
  },
};

export default config;
