import type { Schedule } from "@myelin/tensor";
import { checkRate, defineSchedule } from "./define-schedule.js";

/** The same rate for ever. */
export function constantRate(rate: number): Schedule {
  checkRate("constantRate", "a rate", rate);
  return defineSchedule({ kind: "constantRate", arguments: [rate] }, () => rate);
}
