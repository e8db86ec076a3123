import { styleText } from "node:util";

/** What of a stream is used; process.stdout is one. */
export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  hasColors?(): boolean;
  write(text: string): unknown;
}

export type Style = "bold" | "dim" | "red" | "green" | "cyan";

/** Lines that stay, and one line at the bottom that changes. */
export interface Terminal {
  /** The stream is a screen, which can show a line that changes. */
  readonly live: boolean;
  readonly columns: number;
  /** Writes a line in place of the changing one. */
  line(text?: string): void;
  /** Replaces the changing line. Nothing happens where there is no screen. */
  status(text: string): void;
  /** The text in a style, where the stream has colours. */
  paint(style: Style, text: string): string;
}

/** Return to the start of the line and clear it. */
const clearLine = "\r\u001b[K";

/** Without a screen (a pipe, CI) only plain lines are written: no cursor moves, no colours. */
export function openTerminal(stream: OutputStream): Terminal {
  const live = stream.isTTY === true;
  const colors = live && stream.hasColors?.() === true;
  let dirty = false;
  return {
    live,
    columns: stream.columns ?? 80,
    line(text = "") {
      stream.write(`${dirty ? clearLine : ""}${text}\n`);
      dirty = false;
    },
    status(text) {
      if (!live) return;
      stream.write(`${clearLine}${text}`);
      dirty = true;
    },
    // The stream was asked already; styleText would ask standard output, whichever this one is.
    paint: (style, text) => (colors ? styleText(style, text, { validateStream: false }) : text),
  };
}
