/**
 * Elementary functions in float64 from + - * / % alone. JavaScript engines round Math.exp, log, tanh, sin and cos
 * differently, one engine also from machine to machine (docs/runtimes.md); whatever influences a result (initializers,
 * schedules, shuffles, the interpreters) uses these, so that one seed gives one network everywhere. Errors stay below 4e-16
 * relative, 2e-15 where two functions are combined (sine and cosine: absolute, for |x| up to 1e6).
 */

const LN2_HIGH = 0.6931471803691238; // ln 2 with its last 21 bits zero: k * LN2_HIGH is exact
const LN2_LOW = 1.9082149292705877e-10;

/** e^x: x = k ln 2 + r with |r| <= ln(2)/2. */
export function exponential(x: number): number {
  // Beyond, results are 0 and infinity all the same.
  const power = Math.max(-746, Math.min(710, x));
  const k = Math.round(power / Math.LN2);
  return timesPowerOfTwo(1 + smallPower(power - k * LN2_HIGH - k * LN2_LOW), k);
}

/** e^x - 1, without cancellation near 0. */
export function exponentialMinusOne(x: number): number {
  return Math.abs(x) < 0.35 ? smallPower(x) : exponential(x) - 1;
}

/** tanh x = (1 - e^-2|x|) / (1 + e^-2|x|), with the sign of x. */
export function hyperbolicTangent(x: number): number {
  const power = exponentialMinusOne(-2 * Math.abs(x));
  return Math.sign(x) * (-power / (power + 2));
}

/** 1 / (1 + e^-x). */
export function logisticSigmoid(x: number): number {
  const power = exponential(-Math.abs(x));
  return (x < 0 ? power : 1) / (1 + power);
}

/** Natural logarithm: x = m 2^k with m near 1, log m = 2 artanh((m - 1) / (m + 1)). */
export function naturalLogarithm(x: number): number {
  if (!(x > 0 && x < Infinity)) return x < 0 ? Number.NaN : x === 0 ? -Infinity : x;
  let m = x;
  let k = 0;
  for (; m > Math.SQRT2; k++) m /= 2;
  for (; m <= Math.SQRT1_2; k--) m *= 2;
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let series = 0;
  for (let n = 23; n >= 3; n -= 2) series = z * (1 / n + series);
  return k * LN2_HIGH + (2 * (s + s * series) + k * LN2_LOW);
}

/** log(1 + x): what rounding took from 1 + x comes back as a factor. */
export function logarithmOfOnePlus(x: number): number {
  const sum = 1 + x;
  return sum === 1 || sum === Infinity ? x : naturalLogarithm(sum) * (x / (sum - 1));
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
function quarterTurn(radians: number, shift: number): number {
  const HALF_PI_HIGH = 1.5707963267341256; // the same split of pi / 2
  const HALF_PI_LOW = 6.077100506506192e-11;
  // Where q times the first part of pi/2 would not be exact any more, the remainder is; what it misses is less than the
  // spacing of arguments of that size.
  const x = Math.abs(radians) > 3e6 ? radians % (2 * Math.PI) : radians;
  const quarters = Math.round(x / (Math.PI / 2));
  // x itself where nothing is taken off, so that -0 stays -0.
  const r = quarters === 0 ? x : x - quarters * HALF_PI_HIGH - quarters * HALF_PI_LOW;
  const turn = quarters + shift;
  const value = turn & 1 ? alternating(r * r, 1) : r * alternating(r * r, 2);
  return turn & 2 ? -value : value;
}

/** e^r - 1 for small r: Taylor series. */
function smallPower(r: number): number {
  let sum = 1;
  for (let n = 14; n > 1; n--) sum = 1 + (sum * r) / n;
  return sum * r;
}

/** 1 - z/(a(a+1)) + z²/(a..(a+3)) - ...: cos r for a = 1, sin(r)/r for a = 2. */
function alternating(z: number, a: number): number {
  let sum = 1;
  for (let n = a + 18; n >= a; n -= 2) sum = 1 - (sum * z) / (n * (n + 1));
  return sum;
}

/** x 2^k, in steps that 32-bit integers hold. */
function timesPowerOfTwo(x: number, k: number): number {
  if (k > 30) return timesPowerOfTwo(x * 2 ** 30, k - 30);
  if (k < -30) return timesPowerOfTwo(x / 2 ** 30, k + 30);
  return k < 0 ? x / (1 << -k) : x * (1 << k);
}
