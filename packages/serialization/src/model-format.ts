/** What `toBytes` and `fromBytes` agree on beyond safetensors. */
export const FORMAT = "myelin";

/** Raised when an older library could no longer read a file, or would read it wrongly. */
export const FORMAT_VERSION = 1;

const reserved: ReadonlySet<string> = new Set([
  "format",
  "formatVersion",
  "libraryVersion",
  "architecture",
  "labels",
  "features",
  "preprocessing",
]);

/** Metadata with a meaning; all other metadata are kept as they are. */
export function isReserved(name: string): boolean {
  return reserved.has(name);
}

/** Preprocessing is data of users, a vocabulary for example, in which "constructor" is a word like others. */
export function refusedInPreprocessing(key: string): boolean {
  return key === "__proto__";
}
