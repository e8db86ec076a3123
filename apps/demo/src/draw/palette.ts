export type Rgb = readonly [red: number, green: number, blue: number];

/** The colours of the style sheet, for canvases. */
export interface Palette {
  /** Class 0 and negative weights. */
  readonly orange: Rgb;
  /** Class 1 and positive weights. */
  readonly blue: Rgb;
  /** Between them. */
  readonly middle: Rgb;
  readonly text: string;
  readonly faint: string;
}

/** Read anew when the colour scheme changes. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const text = (name: string) => style.getPropertyValue(name).trim();
  return {
    orange: rgb(text("--orange")),
    blue: rgb(text("--blue")),
    middle: rgb(text("--middle")),
    text: text("--text"),
    faint: text("--faint"),
  };
}

export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * share);
  return [channel(0), channel(1), channel(2)];
}

export function css([red, green, blue]: Rgb, alpha = 1): string {
  return `rgb(${red} ${green} ${blue} / ${alpha})`;
}

/** From "#rrggbb". */
function rgb(text: string): Rgb {
  const value = Number.parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
