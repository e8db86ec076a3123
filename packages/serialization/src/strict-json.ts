import { ModelFileError } from "./model-file-error.js";

/**
 * JSON.parse for files from strangers: refuses what it would swallow. Of equal keys it keeps the last without a word, and
 * keys such as `__proto__` are traps for code that copies records.
 */
export function parseStrictJson(
  text: string,
  what: string,
  isRefused: (key: string) => boolean = isInherited,
): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ModelFileError("corrupt", `The ${what} is not valid JSON.`, { cause });
  }
  checkKeys(text, what, isRefused);
  return value;
}

/** Whether a part of a path is the name of something that every object has by nature. */
export function isInherited(path: string): boolean {
  return path.split("/").some((part) => part in {});
}

/** Walks through valid JSON and checks the keys of every object. A string is a key when a colon follows it. */
function checkKeys(text: string, what: string, isRefused: (key: string) => boolean): void {
  const scopes: Set<string>[] = [];
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === "{") scopes.push(new Set());
    else if (character === "}") scopes.pop();
    else if (character === '"') {
      const start = i;
      i = endOfString(text, start);
      if (!isBeforeColon(text, i + 1)) continue;
      const key = JSON.parse(text.slice(start, i + 1)) as string;
      const scope = scopes.at(-1) as Set<string>;
      if (scope.has(key)) throw refusal(what, key, "twice");
      if (isRefused(key)) throw refusal(what, key, "which no file may use");
      scope.add(key);
    }
  }
}

function refusal(what: string, key: string, reason: string): ModelFileError {
  return new ModelFileError("corrupt", `The ${what} has the name ${JSON.stringify(key)} ${reason}.`);
}

/** The index of the quote that ends the string which starts at `start`. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
  return i;
}

function isBeforeColon(text: string, start: number): boolean {
  let i = start;
  while (text[i] === " " || text[i] === "\n" || text[i] === "\r" || text[i] === "\t") i++;
  return text[i] === ":";
}
