import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. Apart from everything else, so that whoever needs only this depends on nothing more. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
