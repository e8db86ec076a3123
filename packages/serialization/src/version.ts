/** Version of the library, written into files so that people can tell where they come from. A test keeps it up to date. */
export const LIBRARY_VERSION = "0.0.0";

/** Whether a version is later than this one; false for what is no version. */
export function isLaterThanThis(version: string, current: string = LIBRARY_VERSION): boolean {
  const [theirs, ours] = [version, current].map((text) => text.split(".").map(Number.parseFloat));
  for (const part of [0, 1, 2]) {
    const difference = (theirs?.[part] ?? 0) - (ours?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
