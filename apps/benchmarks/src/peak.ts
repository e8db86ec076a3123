/**
 * What one core can do with the 128-bit multiplications and additions of WebAssembly: seven chains of each that wait for nothing
 * but themselves, from registers alone. These are as many as registers hold, and enough for cores that begin three operations a
 * cycle and end them after four, or four and three.
 */
const CHAINS = 14;
const LANES = 4;

/** Operations a second (of a vector's lanes, each by itself): the best of some measurements of a few milliseconds. */
export function measurePeak(): number {
  const MEASUREMENTS = 5;
  const ROUNDS = 4_000_000;
  const seconds = Array.from({ length: MEASUREMENTS }, () => {
    const start = performance.now();
    run(ROUNDS, 1);
    return (performance.now() - start) / 1000;
  });
  return (ROUNDS * CHAINS * LANES) / Math.min(...seconds);
}

const run = calibration();
// The engine optimizes it while it runs.
measurePeak();

/** (rounds, factor) => sum: multiplies half of the chains by the factor and adds it to the others, again and again. */
function calibration(): (rounds: number, factor: number) => number {
  const [rounds, factor, splat, firstChain] = [0, 1, 2, 3];
  const chains = Array.from({ length: CHAINS }, (_, i) => firstChain + i);
  const get = (local: number) => [0x20, local];
  const set = (local: number) => [0x21, local];
  const vector = (operation: number) => [0xfd, ...unsigned(operation)];
  const [make, lane, add, multiply] = [vector(0x13), [...vector(0x1f), 0], vector(0xe4), vector(0xe6)];
  const [loop, end, again] = [[0x03, 0x40], [0x0b], [0x0d, 0]];
  const one = [0x41, 1];
  const body = [
    ...[1, CHAINS + 1, 0x7b],
    ...[...get(factor), ...make, ...set(splat)],
    ...chains.flatMap((chain) => [...get(splat), ...set(chain)]),
    ...loop,
    ...chains.flatMap((chain, i) => [
      ...get(chain),
      ...get(splat),
      ...(i % 2 === 0 ? multiply : add),
      ...set(chain),
    ]),
    ...[...get(rounds), ...one, 0x6b, 0x22, rounds, ...again, ...end],
    ...[...get(splat), ...chains.flatMap((chain) => [...get(chain), ...add]), ...lane, ...end],
  ];
  const section = (id: number, content: readonly number[]) => [id, ...unsigned(content.length), ...content];
  const bytes = new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, 0x7f, 0x7d, 1, 0x7d]),
    ...section(3, [1, 0]),
    ...section(7, [1, 3, ...new TextEncoder().encode("run"), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return exports.run as (rounds: number, factor: number) => number;
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >> 7)];
}
