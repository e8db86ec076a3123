import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Contender } from "./contender.js";
import { findPython } from "./find-python.js";
import type { Answer, Request } from "./protocol.js";
import { makeTask } from "./task.js";
import type { Workload } from "./workloads.js";
import { writeTask } from "./write-task.js";

/** How long a contender may take for one answer. */
const PATIENCE = 300_000;

/** A contender at work on one workload in a process of its own. It works only while it is asked to. */
export class Opponent {
  readonly contender: Contender;
  readonly #process: ChildProcess;
  readonly #cleanUp: () => void;
  #complaints = "";
  #settle: ((answer: Answer) => void) | undefined;

  private constructor(contender: Contender, process: ChildProcess, cleanUp: () => void) {
    this.contender = contender;
    this.#process = process;
    this.#cleanUp = cleanUp;
    createInterface({ input: process.stdout! }).on("line", (line) => {
      if (line.startsWith("{")) this.#settle?.(JSON.parse(line) as Answer);
    });
    process.stderr!.on("data", (text) => {
      this.#complaints += text;
    });
    process.on("error", (error) => this.#settle?.({ error: error.message }));
    process.on("exit", (code) => this.#settle?.({ error: `it ended with ${code}\n${this.#complaints}` }));
  }

  /** Resolves when it is ready. */
  static async start(contender: Contender, workload: Workload): Promise<Opponent> {
    const opponent =
      typeof contender.run === "function" ? inNode(contender, workload) : inPython(contender, workload);
    try {
      await opponent.#answer();
    } catch (error) {
      opponent.quit();
      throw error;
    }
    return opponent;

    function inNode(contender: Contender, workload: Workload): Opponent {
      const program = process.argv[1]!;
      const child = spawn(process.execPath, [
        ...process.execArgv,
        program,
        "serve",
        contender.name,
        workload.name,
      ]);
      return new Opponent(contender, child, () => {});
    }

    function inPython(contender: Contender, workload: Workload): Opponent {
      const { torchThreads, blasThreads } = contender.run as Exclude<Contender["run"], () => unknown>;
      const folder = writeTask(makeTask(workload));
      const program = fileURLToPath(new URL("../peers/torch_step.py", import.meta.url));
      const child = spawn(findPython()!, [program, folder, String(torchThreads)], {
        env: {
          ...process.env,
          OPENBLAS_NUM_THREADS: String(blasThreads),
          // Some machines ask for the code of an older processor.
          OPENBLAS_CORETYPE: undefined,
          OMP_NUM_THREADS: String(torchThreads),
        },
      });
      return new Opponent(contender, child, () => rmSync(folder, { recursive: true, force: true }));
    }
  }

  /** Training: the first steps, which are to be proved. */
  async prove(count: number): Promise<void> {
    await this.#ask({ do: "prove", count });
  }

  /** Does at least so many steps. */
  async step(count: number): Promise<{ readonly seconds: number; readonly steps: number }> {
    const answer = await this.#ask({ do: "step", count });
    return answer as { seconds: number; steps: number };
  }

  async proof(): Promise<number> {
    const answer = await this.#ask({ do: "proof" });
    return (answer as { proof: number }).proof;
  }

  quit(): void {
    this.#settle = undefined;
    this.#process.stdin?.end(`${JSON.stringify({ do: "quit" })}\n`);
    this.#process.kill();
    this.#cleanUp();
  }

  #ask(request: Request): Promise<Answer> {
    this.#process.stdin!.write(`${JSON.stringify(request)}\n`);
    return this.#answer();
  }

  #answer(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => reject(new Error(`${this.contender.name}: ${reason.slice(0, 2000)}`));
      const timer = setTimeout(() => fail("no answer within five minutes"), PATIENCE);
      this.#settle = (answer) => {
        clearTimeout(timer);
        this.#settle = undefined;
        if ("error" in answer) fail(answer.error);
        else resolve(answer);
      };
    });
  }
}
