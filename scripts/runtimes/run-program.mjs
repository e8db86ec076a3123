/** Runs a program that prints a report as its last line of JSON, and must end by itself. */
import { spawn } from "node:child_process";

/** The report, or the problem. */
export function runProgram([file, ...before], args, seconds) {
  return new Promise((resolve) => {
    const child = spawn(file, [...before, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let [output, complaints] = ["", ""];
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      complaints += chunk;
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    child.on("error", (error) => resolve({ problem: error.message }));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const report = parse(output.trim().split("\n").at(-1));
      const end = signal ? `did not end within ${seconds} s` : `ended with ${code}`;
      resolve(code === 0 && report ? { report } : { problem: `${end}\n${complaints || output}` });
    });
  });
}

export function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
