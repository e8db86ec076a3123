type Team = typeof import("./team.js");

let team: Team | undefined;

/**
 * The code for threads, once it has been loaded.
 *
 * @internal
 */
export function threadCode(): Team | undefined {
  return team;
}

/**
 * Loads the code for threads, which most small programs never need. It is loaded by itself when a long step is compiled (any
 * step, where the number of threads is given); until it is there, which takes a turn of the event loop, steps run on one
 * thread. Await this first if your program never lets the event loop turn, because it calls only `fitSync` and `predict`.
 */
export async function loadThreads(): Promise<void> {
  team ??= await import("./team.js");
}
