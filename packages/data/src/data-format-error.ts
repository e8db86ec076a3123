/** A file that is not what it should be: which format, where in it, what was expected there, what was found. */
export class DataFormatError extends Error {
  override readonly name = "DataFormatError";
  readonly format: string;
  /** "byte 4", "line 7". */
  readonly place: string;

  constructor(format: string, place: string, expected: string, received: string, hint?: string) {
    super(
      `[${format}] expected ${expected}, received ${received} (${place}).${hint === undefined ? "" : ` ${hint}`}`,
    );
    this.format = format;
    this.place = place;
  }
}
