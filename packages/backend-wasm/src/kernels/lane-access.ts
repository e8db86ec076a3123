import type { StorageType } from "@myelin/compiler";
import { type Expr, i8x16, i16x8, i32, i32x4, type Statements, v128 } from "../assembler/index.js";
import type { Vector } from "../vector-math/index.js";

/** Where the lanes of a vector lie in memory: `base` (+ `rows` of the lane) + constant. One entry per valid lane. */
export interface LaneAddresses {
  readonly type: StorageType;
  /** Cheap to repeat: a local or a constant. */
  readonly base: Expr<"i32">;
  readonly bytes: readonly number[];
  /** Data-dependent part of each lane, where lanes differ in it. */
  readonly rows?: readonly Expr<"i32">[] | undefined;
}

/**
 * Loads the valid lanes; u8 is widened to i32. Neighbours are one load of a full vector, even when fewer lanes are valid:
 * there are spare bytes behind every buffer. Lanes far apart are loaded one by one, and only the valid ones.
 */
export function loadLanes(addresses: LaneAddresses): Vector {
  const { type, base, bytes } = addresses;
  const [first] = bytes as [number];
  const isBytes = type === "u8";
  if (isSpread(addresses, 0))
    return isBytes ? i32x4.splat(at(base, first, i32.load8_u)) : at(base, first, v128.load32_splat);
  if (isBytes && isSpread(addresses, 1))
    return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(at(base, first, v128.load32_zero)));
  if (!isBytes && isSpread(addresses, 4)) return at(base, first, v128.load);
  if (!isBytes && bytes.length === 4 && isSpread(addresses, -4)) {
    const forwards = at(base, first - 12, v128.load);
    return i8x16.swizzle(forwards, i32x4.const([0x0f0e0d0c, 0x0b0a0908, 0x07060504, 0x03020100]));
  }
  return bytes.reduce<Vector>(
    (vector, byte, lane) =>
      at(baseOf(addresses, lane), byte, (address, offset) => {
        if (isBytes) return v128.load8_lane(address, vector, 4 * lane, offset);
        return lane === 0
          ? v128.load32_zero(address, offset)
          : v128.load32_lane(address, vector, lane, offset);
      }),
    i32x4.const(0),
  );
}

/** Stores the valid lanes of a vector, which is read once per instruction: give it a local's value. */
export function storeLanes(addresses: LaneAddresses, vector: Vector): Statements {
  const { type, base, bytes, rows } = addresses;
  if (type !== "u8" && bytes.length === 4 && isSpread(addresses, 4))
    return at(base, bytes[0] as number, (address, offset) => v128.store(address, vector, offset));
  const isPair = (lane: number) =>
    type !== "u8" && !rows && lane % 2 === 0 && bytes[lane + 1] === (bytes[lane] as number) + 4;
  return bytes.map((byte, lane) => {
    if (isPair(lane - 1)) return [];
    return at(baseOf(addresses, lane), byte, (address, offset) => {
      if (type === "u8") return v128.store8_lane(address, vector, 4 * lane, offset);
      return isPair(lane)
        ? v128.store64_lane(address, vector, lane / 2, offset)
        : v128.store32_lane(address, vector, lane, offset);
    });
  });
}

/** Offsets of instructions are unsigned: a negative one is added to the address. */
function at<T>(base: Expr<"i32">, constant: number, access: (address: Expr<"i32">, offset: number) => T): T {
  return constant >= 0 ? access(base, constant) : access(i32.add(base, i32.const(constant)), 0);
}

function baseOf({ base, rows }: LaneAddresses, lane: number): Expr<"i32"> {
  return rows ? i32.add(base, rows[lane] as Expr<"i32">) : base;
}

/** Whether lanes lie at known places, each so many bytes behind the one before. */
function isSpread({ bytes, rows }: LaneAddresses, distance: number): boolean {
  return !rows && bytes.every((byte, lane) => byte === (bytes[0] as number) + lane * distance);
}
