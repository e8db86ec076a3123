const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `width` cells, filled in steps of an eighth of a cell. `share` outside of [0, 1] counts as the nearer end. */
export function progressBar(share: number, width: number): string {
  const filled = Math.floor(Math.min(Math.max(share, 0), 1) * width * 8);
  const bar = "█".repeat(Math.floor(filled / 8)) + eighths[filled % 8];
  return bar.padEnd(width, "░");
}
