import type { Schedule } from "@myelin/tensor";
import { defineSchedule } from "./define-schedule.js";

/** The same rate for ever. */
export function constantRate(rate: number): Schedule {
  return defineSchedule({ kind: "constantRate", arguments: [rate] }, () => rate);
}
