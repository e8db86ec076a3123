import { expect, test } from "vitest";
import { runProcess } from "../testing/run-process.js";

test("a bundle imports nothing, runs on threads, and ends when its work is done", async () => {
  const { output, complaints } = await runProcess("threads-in-a-process.ts");
  expect(complaints).toEqual([]);
  expect(output).toBe("together\n");
}, 15_000);
