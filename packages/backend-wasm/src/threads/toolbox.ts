import { drop, forRange, i32, instructions, moduleBuilder, ret, when } from "../assembler/index.js";
import { MOST_PAGES } from "../module.js";
import { ThreadError } from "./thread-error.js";
import { stepWork, workOf } from "./work.js";

/** What the code for threads uses of the code that loads it. */
export interface Toolbox {
  readonly drop: typeof drop;
  readonly forRange: typeof forRange;
  readonly i32: typeof i32;
  readonly instructions: typeof instructions;
  readonly moduleBuilder: typeof moduleBuilder;
  readonly ret: typeof ret;
  readonly when: typeof when;
  readonly MOST_PAGES: number;
  readonly ThreadError: typeof ThreadError;
  readonly stepWork: typeof stepWork;
  readonly workOf: typeof workOf;
}

/**
 * Handed over when threads are there, and not imported by their code: what two files of a bundle share becomes a third file,
 * which costs every program 0.6 KB, also those that never load the code for threads.
 */
export const toolbox: Toolbox = {
  drop,
  forRange,
  i32,
  instructions,
  moduleBuilder,
  ret,
  when,
  MOST_PAGES,
  ThreadError,
  stepWork,
  workOf,
};
