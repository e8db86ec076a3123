import { ArgumentError, want, withDefaults } from "@myelin/tensor";
import { DataFormatError } from "./data-format-error.js";

export interface CsvOptions {
  /** One character between fields. Default ",". */
  readonly delimiter?: string | undefined;
}

/**
 * Parses comma-separated values (RFC 4180) into rows of fields. Fields in quotes may hold delimiters, line ends and doubled
 * quotes; lines end with \n, \r\n or \r; the end of the last line is optional; a byte order mark is skipped. Nothing is
 * trimmed, and an empty line is a row with one empty field. A quote inside an unquoted field is an ordinary character.
 *
 * Throws `DataFormatError` with the line for a quote that never closes or is followed by other text.
 */
export function parseCsv(text: string, options: CsvOptions = {}): string[][] {
  if (typeof text !== "string")
    throw new ArgumentError("parseCsv", "the text of a file", text, "Decode bytes with a TextDecoder.");
  const { delimiter } = withDefaults("parseCsv", options, { delimiter: "," });
  const isOne = typeof delimiter === "string" && delimiter.length === 1;
  want(isOne, "parseCsv", "one character as delimiter", delimiter);
  const rows: string[][] = [];
  let row: string[] = [];
  let line = 1;
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length || row.length > 0) {
    const quoted = text[at] === '"';
    const openedIn = line;
    const [field, end] = quoted ? quotedField(text, at + 1, line) : plainField(text, at, delimiter);
    if (quoted) line += lineEnds(field);
    row.push(field);
    at = end;
    const next = text[at];
    if (next === delimiter) {
      at++;
      continue;
    }
    if (next !== undefined && next !== "\n" && next !== "\r") {
      const hint = `The field was opened in line ${openedIn}. Quotes inside a field in quotes are doubled.`;
      throw new DataFormatError(
        "CSV",
        `line ${line}`,
        "a delimiter or the end of the line after a closing quote",
        JSON.stringify(next),
        hint,
      );
    }
    at += next === "\r" && text[at + 1] === "\n" ? 2 : 1;
    line++;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** A field up to its closing quote, and where it ends. */
function quotedField(text: string, start: number, line: number): [field: string, end: number] {
  let field = "";
  for (let from = start; ; ) {
    const quote = text.indexOf('"', from);
    if (quote < 0) throw new DataFormatError("CSV", `line ${line}`, "a closing quote", "the end of the text");
    field += text.slice(from, quote);
    if (text[quote + 1] !== '"') return [field, quote + 1];
    field += '"';
    from = quote + 2;
  }
}

function plainField(text: string, start: number, delimiter: string): [field: string, end: number] {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
  return [text.slice(start, end), end];
}

function lineEnds(field: string): number {
  return field.match(/\r\n|\r|\n/g)?.length ?? 0;
}
