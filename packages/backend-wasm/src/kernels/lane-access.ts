import type { StorageType } from "@myelin/compiler";
import { type Expr, i8x16, i16x8, i32, i32x4, type Statements, v128 } from "../assembler/index.js";

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
export function loadLanes(addresses: LaneAddresses): Expr<"v128"> {
  return addresses.type === "u8" ? loadBytes(addresses) : loadWords(addresses);
}

function loadWords({ base, bytes, rows }: LaneAddresses): Expr<"v128"> {
  const [first] = bytes as [number];
  if (rows === undefined) {
    if (isSpread(bytes, 0)) return at(base, first, (address, offset) => v128.load32_splat(address, offset));
    if (isSpread(bytes, 4)) return at(base, first, (address, offset) => v128.load(address, offset));
    const [, second, third, fourth] = bytes;
    const pairs = bytes.length === 4 && second === first + 4 && fourth === (third as number) + 4;
    if (pairs && third === first)
      return at(base, first, (address, offset) => v128.load64_splat(address, offset));
    if (pairs) {
      const low = at(base, first, (address, offset) => v128.load64_zero(address, offset));
      return at(base, third as number, (address, offset) => v128.load64_lane(address, low, 1, offset));
    }
    if (bytes.length === 4 && isSpread(bytes, -4)) {
      const forwards = at(base, first - 12, (address, offset) => v128.load(address, offset));
      return i8x16.swizzle(forwards, i32x4.const([0x0f0e0d0c, 0x0b0a0908, 0x07060504, 0x03020100]));
    }
  }
  return bytes.reduce<Expr<"v128"> | undefined>((vector, byte, lane) => {
    const place = rows === undefined ? base : i32.add(base, rows[lane] as Expr<"i32">);
    return at(place, byte, (address, offset) =>
      vector ? v128.load32_lane(address, vector, lane, offset) : v128.load32_zero(address, offset),
    );
  }, undefined) as Expr<"v128">;
}

function loadBytes({ base, bytes, rows }: LaneAddresses): Expr<"v128"> {
  const [first] = bytes as [number];
  if (rows === undefined) {
    if (isSpread(bytes, 0))
      return i32x4.splat(at(base, first, (address, offset) => i32.load8_u(address, offset)));
    if (isSpread(bytes, 1)) {
      const four = at(base, first, (address, offset) => v128.load32_zero(address, offset));
      return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(four));
    }
  }
  return bytes.reduce<Expr<"v128">>((vector, byte, lane) => {
    const place = rows === undefined ? base : i32.add(base, rows[lane] as Expr<"i32">);
    return at(place, byte, (address, offset) => v128.load8_lane(address, vector, 4 * lane, offset));
  }, i32x4.const(0));
}

/** Stores the valid lanes of a vector, which is read once per instruction: give it a local's value. */
export function storeLanes({ type, base, bytes, rows }: LaneAddresses, vector: Expr<"v128">): Statements {
  if (rows === undefined && type !== "u8" && bytes.length === 4 && isSpread(bytes, 4))
    return at(base, bytes[0] as number, (address, offset) => v128.store(address, vector, offset));
  const statements: Statements[] = [];
  for (let lane = 0; lane < bytes.length; lane++) {
    const byte = bytes[lane] as number;
    const place = rows === undefined ? base : i32.add(base, rows[lane] as Expr<"i32">);
    if (type === "u8") {
      statements.push(
        at(place, byte, (address, offset) => v128.store8_lane(address, vector, 4 * lane, offset)),
      );
    } else if (rows === undefined && lane % 2 === 0 && bytes[lane + 1] === byte + 4) {
      statements.push(
        at(place, byte, (address, offset) => v128.store64_lane(address, vector, lane / 2, offset)),
      );
      lane++;
    } else {
      statements.push(at(place, byte, (address, offset) => v128.store32_lane(address, vector, lane, offset)));
    }
  }
  return statements;
}

/** Offsets of instructions are unsigned: a negative one is added to the address. */
function at<T>(base: Expr<"i32">, constant: number, access: (address: Expr<"i32">, offset: number) => T): T {
  return constant >= 0 ? access(base, constant) : access(i32.add(base, i32.const(constant)), 0);
}

function isSpread(bytes: readonly number[], distance: number): boolean {
  return bytes.every((byte, lane) => byte === (bytes[0] as number) + lane * distance);
}
