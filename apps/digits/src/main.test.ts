import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fromBytes } from "myelin";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "digits-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the program from source, as a pipe: no screen, no colours. */
function run(...words: string[]) {
  const tsx = createRequire(import.meta.url).resolve("tsx/cli");
  const program = fileURLToPath(new URL("main.ts", import.meta.url));
  return spawnSync(process.execPath, [tsx, program, ...words], {
    encoding: "utf8",
    cwd: fileURLToPath(new URL(".", import.meta.url)),
  });
}

test("a small network learns, is saved, and is the same when it is loaded", () => {
  const file = join(folder, "small.safetensors");
  const { status, stdout, stderr } = run("--epochs", "1", "--hidden", "16", "--output", file);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const accuracies = [...stdout.matchAll(/accuracy (\d+\.\d+) %/g)].map(([, share]) => Number(share));
  expect(accuracies).toHaveLength(2);
  expect(Math.min(...accuracies)).toBeGreaterThan(80);
  expect(stdout).toContain("The loaded network gives the same 100,000 outputs, bit for bit.");
  expect(stdout.includes("\u001b") || stdout.includes("\r")).toBe(false);
  expect(fromBytes(readFileSync(file)).outputShape).toEqual([10]);
}, 60_000);

test("a mistake is told with the usage, before anything is trained", () => {
  const { status, stdout, stderr } = run("--epochs", "none");
  expect(status).toBe(1);
  expect(stderr).toContain(
    '--epochs needs a whole number from 1 to 2147483647, not "none"\n\nTrains a network',
  );
  expect(stdout.trim()).toBe("");
}, 60_000);

test("a folder that is not there is told before anything is trained", () => {
  const file = join(folder, "no-such-folder", "digits.safetensors");
  const { status, stdout, stderr } = run("--output", file);
  expect(status).toBe(1);
  expect(stderr).toContain("ENOENT");
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stdout).not.toContain("epoch");
  expect(existsSync(file)).toBe(false);
}, 60_000);
