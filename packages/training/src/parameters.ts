import {
  firstNotFinite,
  formatShape,
  isNoRecord,
  type ModelState,
  mapRecord,
  sameShape,
  sizeOf,
  streamOf,
  want,
} from "@myelin/tensor";
import { copiesOf } from "./kept.js";
import type { Session } from "./session.js";

/** Copies of all parameters by path. */
export function readParameters({ places, variables, device }: Session): Record<string, Float32Array> {
  const copies = copiesOf(device, variables);
  return Object.fromEntries(
    places.map(({ path, spec, variable, offset }) => {
      const copy = copies.get(variable) as Float32Array;
      return [path, copy.slice(offset, offset + sizeOf(spec.shape))];
    }),
  );
}

/** Gives parameters the values that follow from the seed. */
export function initialize(session: Session): void {
  const { places, seed } = session;
  const values = places.map(({ path, spec }) => {
    const key = { seed, stream: streamOf(path) };
    return [path, spec.initializer?.generate(spec.shape, key)] as const;
  });
  writeParameters(session, Object.fromEntries(values), "initializer");
}

/** Sets parameters by path; all are checked before the first is written. */
export function writeParameters(
  session: Session,
  values: Readonly<Record<string, ArrayLike<number>>>,
  operation = "setParameters",
): void {
  want(!isNoRecord(values), operation, "parameters by name", values);
  const checked = Object.entries(values).map(([path, data]) => {
    const place = session.places.find((one) => one.path === path);
    // Nobody wants to write the list of all for each of them.
    if (!place) want(place, operation, `one of ${session.places.map((one) => one.path).join(", ")}`, path);
    const { length } = Object(data);
    const size = sizeOf(place.spec.shape);
    const received = length === undefined ? data : `${length} numbers`;
    want(length === size, operation, `${size} numbers for "${path}"`, received);
    const wrong = firstNotFinite(data instanceof Float32Array ? data : Float32Array.from(data, numberOf));
    want(wrong < 0, operation, `a finite number at ${wrong} of "${path}"`, data[wrong]);
    return { place, data };
  });
  for (const { place, data } of checked) session.device.write(place.variable, data, place.offset);
  session.writes++;
}

/** Texts and BigInts are no numbers. */
function numberOf(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}

/** Takes over a saved state; throws before anything is written when it belongs to another network. */
export function restore(session: Session, { tensors, labels, features }: Omit<ModelState, "config">): void {
  for (const { path, spec } of session.places) {
    const saved = tensors?.[path];
    want(saved?.shape, "Model", `a saved tensor "${path}"`, "no such tensor");
    const fits = sameShape(saved.shape, spec.shape);
    want(fits, "Model", `shape ${formatShape(spec.shape)} of "${path}"`, saved.shape);
  }
  writeParameters(
    session,
    mapRecord(tensors, ({ data }) => data),
  );
  Object.assign(session, { labels, features });
}
