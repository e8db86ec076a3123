import { createInterface } from "node:readline";
import { contenderNamed } from "./contenders/index.js";
import type { Answer, Request } from "./protocol.js";
import { makeTask } from "./task.js";
import { selectWorkloads } from "./workloads.js";

/** The process of one contender with one workload. */
export async function serve(contender: string, workload: string): Promise<void> {
  // Libraries greet on the console; standard output belongs to the protocol.
  console.log = console.info = console.warn = console.error;
  try {
    const [chosen] = selectWorkloads([workload]);
    const { run } = contenderNamed(contender);
    if (typeof run !== "function") throw new Error(`${contender} runs in Python`);
    const prepare = await run();
    const prepared = await prepare(makeTask(chosen!));
    answer({ ready: true });
    for await (const line of createInterface({ input: process.stdin })) {
      const request = JSON.parse(line) as Request;
      if (request.do === "quit") break;
      if (request.do === "proof") {
        answer({ proof: prepared.proof() });
        continue;
      }
      const start = performance.now();
      const prove = request.do === "prove" ? prepared.prove : undefined;
      const steps = prove === undefined ? await prepared.step(request.count) : await prove();
      answer({ seconds: (performance.now() - start) / 1000, steps: steps ?? request.count });
    }
  } catch (error) {
    answer({ error: error instanceof Error ? error.message : String(error) });
  }
  process.exit(0);
}

function answer(message: Answer): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
