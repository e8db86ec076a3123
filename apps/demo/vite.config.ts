import type { UserConfig } from "vite";

/** A page with these headers is cross-origin isolated, so that it may share memory between threads. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const config: UserConfig = {
  base: "./",
  build: { target: "es2022" },
  worker: { format: "es" },
  server: { headers },
  preview: { headers },
};

export default config;
