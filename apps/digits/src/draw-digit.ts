/** Dots of a braille character, as bits of its code, by column and row. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/**
 * A picture of `width` pixels a row (0 paper, 255 ink) as lines of braille characters, each 2 pixels wide and 4 high. A
 * pixel is a dot from `threshold` on.
 */
export function drawDigit(pixels: Uint8Array, width: number, threshold = 96): string[] {
  const height = pixels.length / width;
  return Array.from({ length: Math.ceil(height / 4) }, (_, row) =>
    Array.from({ length: Math.ceil(width / 2) }, (_, column) => cell(column * 2, row * 4)).join(""),
  );

  function cell(left: number, top: number): string {
    let code = 0x2800;
    for (const [dx, bits] of dots.entries()) {
      for (const [dy, bit] of bits.entries()) {
        const inside = left + dx < width && top + dy < height;
        if (inside && (pixels[(top + dy) * width + left + dx] as number) >= threshold) code |= bit;
      }
    }
    return String.fromCharCode(code);
  }
}
