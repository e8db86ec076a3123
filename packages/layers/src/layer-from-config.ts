import { ArgumentError, type Config, type Layer } from "@myelin/tensor";

/** Where kinds are looked up: `import * as layers from "@myelin/layers"` and the same for activations. */
export interface Namespaces {
  readonly layers: object;
  readonly activations: object;
}

/**
 * Rebuilds a layer from its `config` (parsed JSON). Kinds are found among the own members of the given namespaces (of
 * `layers` also in its records `initializers` and `regularizers`), so a program carries only what it passes, and layers of
 * your own are found when you pass `{ ...layers, myLayer }`.
 *
 * Throws `ArgumentError` for anything but a config, for kinds that do not exist (naming those that do; the error's member
 * `unknownKind` is the one that is missing), for options that the kind does not know (a newer file), and whatever a factory
 * throws for options it cannot use.
 */
export function layerFromConfig(config: unknown, namespaces: Namespaces): Layer {
  if (!isRecord(config)) throw new ArgumentError("layerFromConfig", "the config of a layer", config);
  const { layers, activations } = Object(namespaces) as Partial<Namespaces>;
  const arePassed = isRecord(layers) && isRecord(activations);
  if (!arePassed) throw new ArgumentError("layerFromConfig", "{ layers, activations } by name", namespaces);
  const built = construct(config, kindsOf({ layers, activations }));
  if (!isLayer(built)) throw new ArgumentError("layerFromConfig", "a kind of layer", config.kind);
  return built;
}

/** Exports that are no kinds; every other function may be called by a file. */
const functions: ReadonlySet<string> = new Set([
  "defineActivation",
  "defineLayer",
  "layerFromConfig",
  "outputShape",
  "ownParameter",
]);

type Kinds = ReadonlyMap<string, unknown>;

function kindsOf({ layers, activations }: Namespaces): Kinds {
  const kinds = new Map<string, unknown>();
  const add = (namespace: object) => {
    for (const [name, value] of Object.entries(namespace)) {
      if (functions.has(name) || kinds.has(name)) continue;
      if (typeof value === "function" || hasConfig(value)) kinds.set(name, value);
    }
  };
  add(layers);
  add(activations);
  for (const group of ["initializers", "regularizers"]) {
    const record = Object.hasOwn(layers, group) ? layers[group as keyof typeof layers] : {};
    add(record);
  }
  return kinds;
}

/** Configs become values, everything else stays what it is. */
function rebuild(json: unknown, kinds: Kinds): unknown {
  if (Array.isArray(json)) return json.map((entry) => rebuild(entry, kinds));
  if (!isRecord(json)) return json;
  if (Object.hasOwn(json, "kind")) return construct(json, kinds);
  return rebuildMembers(json, kinds);
}

function rebuildMembers(record: Readonly<Record<string, unknown>>, kinds: Kinds): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => {
      if (name in {}) throw new ArgumentError("layerFromConfig", "options with harmless names", name);
      return [name, rebuild(value, kinds)];
    }),
  );
}

function construct(config: Readonly<Record<string, unknown>>, kinds: Kinds): unknown {
  const { kind, ...options } = config;
  const found = typeof kind === "string" ? kinds.get(kind) : undefined;
  if (found === undefined) {
    const error = new ArgumentError(
      "layerFromConfig",
      `one of the kinds ${[...kinds.keys()].sort().join(", ")}`,
      kind,
      "Pass what makes it as a member of layers or activations, or use a newer version of the library.",
    );
    throw typeof kind === "string" ? Object.assign(error, { unknownKind: kind }) : error;
  }
  const built = typeof found === "function" ? call(found as Factory, options, kinds) : found;
  if (!hasConfig(built))
    throw new ArgumentError("layerFromConfig", "a kind that makes a value with a config", kind);
  wantKnown(kind as string, config, built.config);
  return built;
}

type Factory = (...values: readonly unknown[]) => unknown;

function call(factory: Factory, options: Readonly<Record<string, unknown>>, kinds: Kinds): unknown {
  const { arguments: positional } = options;
  if (Array.isArray(positional)) return factory(...positional.map((value) => rebuild(value, kinds)));
  return factory(rebuildMembers(options, kinds));
}

/** An option that the rebuilt value does not have would change what the network computes without a word. */
function wantKnown(kind: string, given: unknown, rebuilt: unknown): void {
  if (typeof given !== "object" || given === null) return;
  for (const [name, value] of Object.entries(given)) {
    const isObject = typeof rebuilt === "object" && rebuilt !== null;
    if (isObject && Object.hasOwn(rebuilt, name)) {
      wantKnown(kind, value, rebuilt[name as keyof typeof rebuilt]);
    } else if (!isEmpty(value)) {
      throw new ArgumentError(
        "layerFromConfig",
        `options that ${kind} knows`,
        Array.isArray(given) ? `argument ${Number(name) + 1}` : name,
        "The config may come from a newer version of the library.",
      );
    }
  }
}

/** Also arguments that are empty options, which are left out of configs. */
function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.values(value).every(isEmpty);
}

function hasConfig(value: unknown): value is { readonly config: Config } {
  return isRecord(value) && isRecord(value.config) && typeof value.config.kind === "string";
}

function isLayer(value: unknown): value is Layer {
  return hasConfig(value) && "parameters" in value && "forward" in value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
