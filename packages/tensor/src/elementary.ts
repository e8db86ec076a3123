/**
 * Elementary functions in float64 from + - * / and bits alone. JavaScript engines may round Math.exp, log, sin and cos
 * differently; whatever influences a result (initializers, schedules, shuffles) uses these, so that one seed gives one
 * network everywhere. Errors stay below 4e-16 relative (sine and cosine: absolute, for |x| up to 1e6).
 */

const LN2_HIGH = 0.6931471803691238; // ln 2 with its last 21 bits zero: k * LN2_HIGH is exact
const LN2_LOW = 1.9082149292705877e-10;
const HALF_PI_HIGH = 1.5707963267341256; // the same split of pi / 2
const HALF_PI_LOW = 6.077100506506192e-11;

const words = new DataView(new ArrayBuffer(8));

/** e^x: x = k ln 2 + r with |r| <= ln(2)/2, Taylor series for e^r. */
export function exponential(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const k = Math.round(x / (LN2_HIGH + LN2_LOW));
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 1;
  for (let n = 14; n >= 1; n--) sum = 1 + (sum * r) / n;
  // Two factors, because 2^k alone may leave the range that the product is in.
  const half = Math.trunc(k / 2);
  return sum * powerOfTwo(half) * powerOfTwo(k - half);
}

/** Natural logarithm: x = m 2^k with m near 1, log m = 2 artanh((m - 1) / (m + 1)). */
export function naturalLogarithm(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x < 2.2250738585072014e-308) return naturalLogarithm(x * 18014398509481984) - 54 * (LN2_HIGH + LN2_LOW);
  words.setFloat64(0, x);
  let k = ((words.getUint32(0) >>> 20) & 0x7ff) - 1023;
  words.setUint32(0, (words.getUint32(0) & 0xfffff) | 0x3ff00000);
  let m = words.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    k += 1;
  }
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let series = 0;
  for (let n = 23; n >= 3; n -= 2) series = z * (1 / n + series);
  return k * LN2_HIGH + (2 * (s + s * series) + k * LN2_LOW);
}

/** Sine of radians. */
export function sine(x: number): number {
  return quarterTurn(x, 0);
}

/** Cosine of radians. */
export function cosine(x: number): number {
  return quarterTurn(x, 1);
}

/** sin(x + shift pi/2): x = q pi/2 + r, then one of two Taylor series. */
function quarterTurn(x: number, shift: number): number {
  const quarters = Math.round(x / (HALF_PI_HIGH + HALF_PI_LOW));
  const r = x - quarters * HALF_PI_HIGH - quarters * HALF_PI_LOW;
  const turn = (((quarters + shift) % 4) + 4) % 4;
  const value = turn % 2 === 0 ? r * alternating(r * r, 2) : alternating(r * r, 1);
  return turn < 2 ? value : -value;
}

/** 1 - z/(a(a+1)) + z²/(a..(a+3)) - ...: cos r for a = 1, sin(r)/r for a = 2. */
function alternating(z: number, a: number): number {
  let sum = 1;
  for (let n = a + 18; n >= a; n -= 2) sum = 1 - (sum * z) / (n * (n + 1));
  return sum;
}

function powerOfTwo(k: number): number {
  words.setUint32(4, 0);
  words.setUint32(0, (k + 1023) << 20);
  return words.getFloat64(0);
}
