/** Whether two arrays hold the same numbers bit for bit: -0 is not 0, and a NaN equals only the same NaN. */
export function sameBits(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length) return false;
  const left = new Uint32Array(a.buffer, a.byteOffset, a.length);
  const right = new Uint32Array(b.buffer, b.byteOffset, b.length);
  return left.every((bits, i) => bits === right[i]);
}
