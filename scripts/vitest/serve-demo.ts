/** Builds the demo as it would be published, serves it, and tells the browser tests where it is. */
import { join } from "node:path";
import { build, preview } from "vite";
import type { TestProject } from "vitest/node";
import { root } from "./workspace.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the demo is served, or why it is not: a failing build must fail these tests and no others. */
    demo: { url: string } | { problem: string };
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = join(root, "apps/demo");
  try {
    await build({ root: folder, logLevel: "warn" });
    const server = await preview({ root: folder, logLevel: "warn", preview: { port: 0, host: "127.0.0.1" } });
    project.provide("demo", { url: server.resolvedUrls?.local[0] ?? "" });
    return () => server.close();
  } catch (error) {
    const problem = `the demo could not be built (have the packages been built?): ${String(error)}`;
    project.provide("demo", { problem });
    return async () => {};
  }
}
