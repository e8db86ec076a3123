/** Blocks of lines set side by side, as many in a row as `columns` hold; each block is `width` wide. */
export function beside(blocks: readonly (readonly string[])[], width: number, columns: number): string[] {
  const gap = 2;
  const perRow = Math.max(1, Math.floor((columns + gap) / (width + gap)));
  const lines: string[] = [];
  for (let start = 0; start < blocks.length; start += perRow) {
    const row = blocks.slice(start, start + perRow);
    const height = Math.max(...row.map((block) => block.length));
    for (let line = 0; line < height; line++) {
      lines.push(
        row
          .map((block) => (block[line] ?? "").padEnd(width))
          .join(" ".repeat(gap))
          .trimEnd(),
      );
    }
  }
  return lines;
}
