import {
  type Clipping,
  type Config,
  type Json,
  type Optimizer,
  type Schedule,
  want,
  wantMembers,
} from "@myelin/tensor";

/** A number, a schedule of this package, or any function of the number of updates done so far. */
export type LearningRate = number | Schedule | ((step: number) => number);

/** What every optimizer takes. */
export interface CommonOptions {
  /** Step size, in units of the parameters per unit of the update direction. */
  readonly learningRate?: LearningRate | undefined;
  /** Applied to the gradients before the update rule sees them. Default: none. */
  readonly clipping?: Clipping | undefined;
}

interface Definition extends Pick<Optimizer, "update"> {
  readonly kind: string;
  readonly learningRate: LearningRate;
  readonly clipping: Clipping | undefined;
  /** Everything else that rebuilds this optimizer. */
  readonly options: Readonly<Record<string, number | boolean>>;
  readonly slots?: Readonly<Record<string, number>> | undefined;
  readonly scalars?: Readonly<Record<string, number>> | undefined;
}

/** Puts an update rule, its options and its state together. Throws `ArgumentError` for rates and numbers that cannot work. */
export function defineOptimizer(definition: Definition): Optimizer {
  want(definition, "defineOptimizer", "a definition", definition);
  const { kind, learningRate, clipping, options, slots = {}, scalars = {}, update } = definition;
  const rate = dataOf(learningRate);
  const wanted = "a finite number of at least 0 or a schedule as learningRate";
  want(rate !== undefined, kind, wanted, learningRate);
  if (clipping !== undefined) wantMembers(kind, "clipping such as clipByNorm(1)", clipping, ["config"]);
  for (const [name, value] of Object.entries(options)) {
    const fits = typeof value === "boolean" || isAmount(value);
    want(fits, kind, `a finite number of at least 0 as ${name}`, value);
  }
  const config: Config = {
    kind,
    learningRate: rate,
    ...(clipping && { clipping: clipping.config }),
    ...options,
  };
  return { config, learningRate, clipping, slots, scalars, update };
}

/** A learning rate in the configuration. A function has no form as data; its place says that there was one. */
function dataOf(learningRate: LearningRate): Json | undefined {
  if (typeof learningRate === "function") return { kind: "function" };
  if (isAmount(learningRate)) return learningRate;
  return typeof (learningRate as Schedule)?.rate === "function"
    ? (learningRate as Schedule).config
    : undefined;
}

function isAmount(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}

/** Decay rates of moving averages lie in [0, 1). */
export function checkDecay(kind: string, name: string, value: number): void {
  want(isAmount(value) && value < 1, kind, `${name} in [0, 1)`, value);
}
