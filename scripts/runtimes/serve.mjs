/**
 * Serves the program to browsers, and waits for what it posts. Below /isolated/ a page may share memory with workers, below
 * /open/ it may not, and below /strict/ it may, but a content security policy refuses workers that are made from text.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";

const pages = {
  page: '<!doctype html><title>Myelin</title><script type="module" src="main.mjs"></script>',
  worker: '<!doctype html><title>Myelin</title><script src="start.mjs"></script>',
};
/** A worker that runs the program; the query goes along. */
const start = 'new Worker("main.mjs" + location.search, { type: "module" });';

const isolated = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};
const headers = {
  isolated,
  open: {},
  strict: { ...isolated, "content-security-policy": "default-src 'self' 'wasm-unsafe-eval'" },
};

/** `url(kind, file)` is the address of a page; `report()` the promise of the next report. */
export async function serve(folder) {
  let posted = () => {};
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const [, kind, file = ""] = pathname.split("/");
    if (request.method === "POST") {
      let body = "";
      for await (const chunk of request) body += chunk;
      response.end();
      posted(body);
      return;
    }
    const content = pages[file] ?? (file === "start.mjs" ? start : read(join(folder, basename(file))));
    const type = file in pages ? "text/html" : "text/javascript";
    response.writeHead(content === undefined ? 404 : 200, { "content-type": type, ...headers[kind] });
    response.end(content);
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address();
  return {
    url: (kind, page, query = "") => `http://localhost:${port}/${kind}/${page}${query && `?${query}`}`,
    report: () =>
      new Promise((resolve) => {
        posted = resolve;
      }),
    close: () => server.close(),
  };
}

function read(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
