import { blobs, type ClassifiedPoints, circles, spirals, twoMoons } from "@myelin/data";
import type { DataSetName, Settings } from "./settings.js";

/** Points and the class, 0 or 1, of each. */
export interface Points {
  /** x and y in turn. */
  readonly coordinates: Float32Array;
  readonly classes: Uint8Array;
  readonly count: number;
}

export interface Sample {
  /** What the network learns from. */
  readonly seen: Points;
  /** What it is tested with. */
  readonly unseen: Points;
}

/** The plane that is drawn reaches from -EXTENT to EXTENT in both directions. */
export const EXTENT = 1.5;

const SEEN = 240;
const UNSEEN = 120;

/** The same points for the same settings, on the page and in the worker. */
export function makePoints({ data, noise, seed }: Pick<Settings, "data" | "noise" | "seed">): Sample {
  const { coordinates, classes } = generators[data]({ rows: SEEN + UNSEEN, noise, seed });
  const part = (from: number, to: number): Points => ({
    coordinates: coordinates.slice(2 * from, 2 * to),
    classes: classes.slice(from, to),
    count: to - from,
  });
  return { seen: part(0, SEEN), unseen: part(SEEN, SEEN + UNSEEN) };
}

interface Options {
  readonly rows: number;
  readonly noise: number;
  readonly seed: number;
}

type Generated = Omit<Points, "count">;

const generators: Readonly<Record<DataSetName, (options: Options) => Generated>> = {
  circles: (options) => placed(circles(options), 1.15),
  spirals: (options) => placed(spirals({ ...options, turns: 1.25 }), 1.3),
  moons: (options) => placed(twoMoons(options), 0.85, [0.5, 0.25]),
  blobs: (options) =>
    placed(
      blobs({
        ...options,
        centers: [
          [-0.6, -0.5],
          [0.6, 0.5],
        ],
        noise: 0.15 + options.noise,
      }),
    ),
  // A cloud at each of the four corners; corners that face each other belong together.
  xor: (options) => {
    const centers = [
      [-0.8, -0.8],
      [-0.8, 0.8],
      [0.8, 0.8],
      [0.8, -0.8],
    ];
    const { coordinates, classes } = placed(blobs({ ...options, centers, noise: 0.1 + options.noise }));
    return { coordinates, classes: classes.map((corner) => corner % 2) };
  },
};

/** Moved so that `middle` comes to (0, 0), then scaled to fill the plane. */
function placed(
  { inputs, targets }: ClassifiedPoints,
  scale = 1,
  middle: readonly [number, number] = [0, 0],
): Generated {
  return {
    coordinates: inputs.data.map((value, i) => scale * (value - middle[i % 2 === 0 ? 0 : 1])),
    classes: targets.data,
  };
}
