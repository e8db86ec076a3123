/**
 * The instructions on values that kernels use, and those that lie between them: signature, then opcodes and names. A name that
 * follows another one has the next opcode. Encoding, TypeScript types and the round-trip test all come from here.
 * Source: WebAssembly specification 3.0, "Index of Instructions" (SIMD, relaxed SIMD). Those of threads are in threads/atomic.ts.
 *
 * A signature reads `inputs:result`. Operands:
 *   i f d v     a value of type i32, f32, f64, v128
 *   0 1 2 3 4   an address whose access has 2^n bytes; the instruction takes a byte offset as its last argument
 * Immediates, which follow the operands:
 *   #           a lane number          *       sixteen lane numbers
 *   I           a constant             J G D   the lanes of a vector (i32, f32, f64), or one repeated
 *
 * Opcodes are hexadecimal and begin with a decimal digit. Those of a section have one prefix byte, or none.
 */
export const opcodeTable = {
  i32: [
    "2:i 28 load",
    "0:i 2d load8_u",
    "2i: 36 store",
    "I:i 41 const",
    "i:i 45 eqz",
    "ii:i 46 eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u 6a add sub mul div_s div_u rem_s rem_u",
  ],
  f32: ["2:f 2a load", "2f: 38 store"],
  v128: [
    "4:v 00 load",
    "2:v 09 load32_splat 5c load32_zero",
    "4v: 0b store",
    "vv:v 4e and andnot or xor",
    "vvv:v 52 bitselect",
    "v:i 53 any_true",
    "0v#:v 54 load8_lane",
    "2v#:v 56 load32_lane",
    "0v#: 58 store8_lane",
    "2v#: 5a store32_lane",
    "3v#: 5b store64_lane",
  ],
  i8x16: ["vv*:v 0d shuffle", "vv:v 0e swizzle"],
  i16x8: ["v:v 89 extend_low_i8x16_u"],
  i32x4: [
    "J:v 0c const",
    "i:v 11 splat",
    "v#:i 1b extract_lane",
    "vi#:v 1c replace_lane",
    "v:v 0a0 abs neg 0a9 extend_low_i16x8_u 0f8 trunc_sat_f32x4_s",
    "vi:v 0ab shl shr_s shr_u",
    "vv:v 37 eq ne lt_s lt_u gt_s gt_u le_s le_u 0ae add 0b1 sub 0b5 mul min_s min_u max_s",
  ],
  f32x4: [
    "G:v 0c const",
    "f:v 13 splat",
    "v#:f 1f extract_lane",
    "v:v 5e demote_f64x2_zero 68 floor 0e0 abs neg 0e3 sqrt 0fa convert_i32x4_s",
    "vv:v 41 eq ne lt gt le ge 0e4 add sub mul div min max pmin pmax",
    "vvv:v 105 relaxed_madd",
  ],
  f64x2: ["D:v 0c const", "v:v 5f promote_low_f32x4", "vv:v 0f0 add sub mul"],
} as const;
