import { parseArgs } from "node:util";

export interface Arguments {
  /** Names of workloads. */
  readonly only: readonly string[] | undefined;
  /** Names of peers; Myelin always takes part. */
  readonly peers: readonly string[] | undefined;
  readonly rounds: number;
  /** The kernel ladder, the accuracy of W3 and W4, the workloads: one of them, or all when they are written. */
  readonly ladder: boolean;
  readonly accuracy: boolean;
  readonly workloads: boolean;
  /** Writes docs/benchmarks.md and docs/benchmarks.json. */
  readonly write: boolean;
}

export const usage = `npm run benchmark -- [options]
  --only W1,W3          some workloads (W1 to W9; W6 and W8 have variants: W8-512)
  --peers jax-js,torch  some peers beside Myelin (also: myelin:fast, myelin:interpreter)
  --rounds 7            measured rounds for each
  --ladder              only the kernel ladder: one matrix product, from naive to compiled
  --accuracy            only the accuracy of W3 and W4 after one epoch, over five seeds
  --write               everything, and writes docs/benchmarks.md and docs/benchmarks.json
`;

export function readArguments(given: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: given.filter((argument) => argument !== "--"),
    options: {
      only: { type: "string" },
      peers: { type: "string" },
      rounds: { type: "string", default: "7" },
      ladder: { type: "boolean", default: false },
      accuracy: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!(Number.isInteger(rounds) && rounds > 0))
    throw new Error(`--rounds wants a whole number, got ${values.rounds}`);
  return {
    only: values.only?.split(","),
    peers: values.peers?.split(","),
    rounds,
    ladder: values.ladder || values.write,
    accuracy: values.accuracy || values.write,
    workloads: values.write || !(values.ladder || values.accuracy),
    write: values.write,
  };
}
