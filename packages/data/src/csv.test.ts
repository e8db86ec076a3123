import { csvParseRows, dsvFormat } from "d3-dsv";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCsv } from "./csv.js";
import { DataFormatError } from "./data-format-error.js";

/** Texts in which delimiters, quotes and line ends are frequent. */
const field = fc.string({
  unit: fc.constantFrom("a", "1", ".", " ", ",", ";", '"', "\n", "\r", "é", "𝒳"),
  maxLength: 6,
});
const table = fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

test("whatever is written in quotes is read again", () => {
  const lineEnd = fc.constantFrom("\n", "\r\n", "\r");
  fc.assert(
    fc.property(
      table,
      lineEnd,
      fc.boolean(),
      fc.constantFrom(",", ";", "\t"),
      (rows, end, last, delimiter) => {
        const text = rows.map((row) => row.map(quote).join(delimiter)).join(end) + (last ? end : "");
        expect(parseCsv(text, { delimiter })).toEqual(rows);
      },
    ),
  );
});

test("d3-dsv reads the same from what it writes", () => {
  fc.assert(
    fc.property(table, fc.constantFrom(",", ";"), (rows, delimiter) => {
      const text = dsvFormat(delimiter).formatRows(rows);
      expect(parseCsv(text, { delimiter })).toEqual(dsvFormat(delimiter).parseRows(text));
    }),
  );
});

test("d3-dsv reads the same from texts without quotes", () => {
  const loose = fc.string({ unit: fc.constantFrom("a", "1", " ", ",", "\n", "\r", "\r\n"), maxLength: 30 });
  fc.assert(
    fc.property(loose, (text) => {
      expect(parseCsv(text)).toEqual(csvParseRows(text));
    }),
    { numRuns: 500 },
  );
});

test("a file with everything in it", () => {
  const text = '\ufeffname,notes,\r\n"Ada, Countess","said ""yes""\nand left",1\nplain "quote, x ,\n\nlast,,';
  expect(parseCsv(text)).toEqual([
    ["name", "notes", ""],
    ["Ada, Countess", 'said "yes"\nand left', "1"],
    ['plain "quote', " x ", ""],
    [""],
    ["last", "", ""],
  ]);
  expect(parseCsv("")).toEqual([]);
});

test("quotes that do not close are an error with the line where they opened", () => {
  expect(() => parseCsv('a\nb\n"c\nd')).toThrow(DataFormatError);
  expect(() => parseCsv('a\nb\n"c\nd')).toThrowErrorMatchingInlineSnapshot(
    `[DataFormatError: [CSV] expected a closing quote, received the end of the text (line 3).]`,
  );
});

test("text after a closing quote is an error", () => {
  expect(() => parseCsv('a\n"b\nc"d')).toThrowErrorMatchingInlineSnapshot(
    `[DataFormatError: [CSV] expected a delimiter or the end of the line after a closing quote, received "d" (line 3). The field was opened in line 2. Quotes inside a field in quotes are doubled.]`,
  );
});

test("no text makes it hang or fail otherwise", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r"), maxLength: 20 }), (text) => {
      try {
        expect(parseCsv(text).every((row) => row.length > 0)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(DataFormatError);
      }
    }),
    { numRuns: 500 },
  );
});
