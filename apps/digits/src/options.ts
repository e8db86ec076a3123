import { parseArgs } from "node:util";

export interface Options {
  /** Passes over the training images. */
  readonly epochs: number;
  /** Units of the hidden layer. */
  readonly hidden: number;
  /** Of initial weights and shuffling. */
  readonly seed: number;
  /** File for the trained model. */
  readonly output: string;
}

export const usage = `Trains a network on the handwritten digits of MNIST, tests it, and saves it to one file.

  --epochs <n>     passes over the 60,000 training images (default 3)
  --hidden <n>     units of the hidden layer (default 128)
  --seed <n>       of initial weights and shuffling (default 1)
  --output <file>  where the model goes (default digits.safetensors)
  --help           prints this`;

/** A mistake on the command line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Reads the command line; "help" when it asks for help. Throws `UsageError`. */
export function readOptions(words: readonly string[]): Options | "help" {
  const values = parse(words);
  if (values.help) return "help";
  if (values.output === "") throw new UsageError("--output needs the name of a file");
  return {
    epochs: wholeNumber("epochs", values.epochs, 1),
    hidden: wholeNumber("hidden", values.hidden, 1),
    seed: wholeNumber("seed", values.seed, 0),
    output: values.output,
  };
}

/** What a healthy run reaches. Fewer epochs or a smaller network than by default may fall short of it. */
export function wantedAccuracy({ epochs, hidden }: Options): number | undefined {
  return epochs >= 3 && hidden >= 128 ? 0.97 : undefined;
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        epochs: { type: "string", default: "3" },
        hidden: { type: "string", default: "128" },
        seed: { type: "string", default: "1" },
        output: { type: "string", default: "digits.safetensors" },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value < 2 ** 31) return value;
  throw new UsageError(`--${name} needs a whole number from ${least} to ${2 ** 31 - 1}, not "${text}"`);
}
