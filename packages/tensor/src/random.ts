import { cosine, naturalLogarithm } from "./elementary.js";

/**
 * Counter-based random numbers: a number is a pure function of (seed, stream, step, element), so that nothing depends on
 * the order in which numbers are drawn. Generator: Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers:
 * as easy as 1, 2, 3", SC 2011); 32-bit additions, rotations and xor only, equal in JavaScript and in WebAssembly.
 */
export const THREEFRY_ROTATIONS: readonly number[] = [13, 15, 26, 6, 17, 29, 16, 24];
export const THREEFRY_PARITY = 0x1bd11bda;
/** Spreads the high word of the step over the key (2^32 / golden ratio). */
export const STEP_SPREAD = 0x9e3779b9;

/** The two output words of Threefry-2x32-20 for a key and a counter, as signed 32-bit integers. */
export function threefry(key0: number, key1: number, counter0: number, counter1: number): [number, number] {
  mix(key0, key1, counter0, counter1);
  return [word0, word1];
}

/** What `mix` computed last. Returning a pair would cost more than computing it: networks draw millions of numbers. */
let word0 = 0;
let word1 = 0;

function mix(key0: number, key1: number, counter0: number, counter1: number): void {
  let x = (counter0 + key0) | 0;
  let y = (counter1 + key1) | 0;
  // The key words take turns: after every four rounds, two of the three are added.
  let first = key1 | 0;
  let second = key0 ^ key1 ^ THREEFRY_PARITY;
  let third = key0 | 0;
  for (let injection = 1; injection <= 5; injection++) {
    // Written out, because a loop over the table of rotations takes twice as long.
    if (injection % 2 === 1) {
      x = (x + y) | 0;
      y = ((y << 13) | (y >>> 19)) ^ x;
      x = (x + y) | 0;
      y = ((y << 15) | (y >>> 17)) ^ x;
      x = (x + y) | 0;
      y = ((y << 26) | (y >>> 6)) ^ x;
      x = (x + y) | 0;
      y = ((y << 6) | (y >>> 26)) ^ x;
    } else {
      x = (x + y) | 0;
      y = ((y << 17) | (y >>> 15)) ^ x;
      x = (x + y) | 0;
      y = ((y << 29) | (y >>> 3)) ^ x;
      x = (x + y) | 0;
      y = ((y << 16) | (y >>> 16)) ^ x;
      x = (x + y) | 0;
      y = ((y << 24) | (y >>> 8)) ^ x;
    }
    x = (x + first) | 0;
    y = (y + second + injection) | 0;
    const next = first;
    first = second;
    second = third;
    third = next;
  }
  word0 = x;
  word1 = y;
}

/** Uniform in [0, 1) with 24 bits (exact in f32): the first Threefry word for key (seed, stream) and counter (element, step). */
export function uniform(seed: number, stream: number, element: number, stepLow = 0, stepHigh = 0): number {
  mix(seed, stream + Math.imul(stepHigh, STEP_SPREAD), element, stepLow);
  return (word0 >>> 8) * 2 ** -24;
}

/** Standard normal by Box and Muller, with our own logarithm and cosine; 48 random bits. */
export function normal(seed: number, stream: number, element: number): number {
  mix(seed, stream, element, -1);
  const radius = Math.sqrt(-2 * naturalLogarithm(((word0 >>> 0) + 0.5) * 2 ** -32));
  return radius * cosine(2 * Math.PI * (word1 >>> 0) * 2 ** -32);
}

/** A 32-bit stream number from a path such as "dense_1/kernel" (FNV-1a), so that an edit elsewhere changes nothing here. */
export function streamOf(path: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  return hash | 0;
}

/** The numbers 0 .. size-1 in random order (Fisher and Yates). `round` gives another order for every epoch. */
export function permutation(size: number, seed: number, stream: number, round = 0): Int32Array {
  const order = new Int32Array(size);
  // A typed array's own `map` takes as long as the shuffle.
  for (let i = size; i--; ) order[i] = i;
  for (let last = size - 1; last > 0; last--) {
    // Both words of a draw are used: shuffling is a large part of an epoch on small networks.
    const drawn = (size - last) % 2 === 1;
    if (drawn) mix(seed, stream, last, round);
    // 32 random bits times at most 2^31: exact in a double, bias below 2^-31.
    const chosen = Math.floor((((drawn ? word0 : word1) >>> 0) * (last + 1)) / 2 ** 32);
    const swapped = order[last] as number;
    order[last] = order[chosen] as number;
    order[chosen] = swapped;
  }
  return order;
}
