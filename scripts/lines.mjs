/** Prints the lines of source and of tests per workspace package. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const rows = [];
for (const group of ["packages", "internal", "apps"]) {
  for (const name of readdirSync(group).sort()) {
    const source = join(group, name, "src");
    if (existsSync(source)) rows.push({ name: `${group}/${name}`, ...count(source) });
  }
}
const total = { name: "total", files: 0, source: 0, tests: 0 };
for (const row of rows) {
  total.files += row.files;
  total.source += row.source;
  total.tests += row.tests;
}
console.log(`${"".padEnd(26)}${"files".padStart(8)}${"source".padStart(8)}${"tests".padStart(8)}`);
for (const row of [...rows, total]) {
  const numbers = [row.files, row.source, row.tests].map((value) => String(value).padStart(8));
  console.log(row.name.padEnd(26) + numbers.join(""));
}

function count(folder) {
  const result = { files: 0, source: 0, tests: 0 };
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!file.endsWith(".ts")) continue;
    const lines = readFileSync(join(folder, file), "utf8").split("\n").length - 1;
    result.files++;
    result[/\.test(-d)?\.ts$/.test(file) ? "tests" : "source"] += lines;
  }
  return result;
}
