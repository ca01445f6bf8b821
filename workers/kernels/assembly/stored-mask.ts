// Byte masks of ranges over values as they are stored: no wider than they are.

export function andRangeI8(values: usize, low: i32, high: i32, mask: usize, rows: i32): void {
  const lows = i8x16.splat(<i8>low);
  const highs = i8x16.splat(<i8>high);
  for (let i = 0; i < rows; i += 16, values += 16, mask += 16) {
    const value = v128.load(values);
    and16(v128.and(i8x16.ge_s(value, lows), i8x16.le_s(value, highs)), mask);
  }
}

export function andRangeU8(values: usize, low: i32, high: i32, mask: usize, rows: i32): void {
  const lows = i8x16.splat(<i8>low);
  const highs = i8x16.splat(<i8>high);
  for (let i = 0; i < rows; i += 16, values += 16, mask += 16) {
    const value = v128.load(values);
    and16(v128.and(i8x16.ge_u(value, lows), i8x16.le_u(value, highs)), mask);
  }
}

export function andRangeI16(values: usize, low: i32, high: i32, mask: usize, rows: i32): void {
  const lows = i16x8.splat(<i16>low);
  const highs = i16x8.splat(<i16>high);
  for (let i = 0; i < rows; i += 16, values += 32, mask += 16) {
    const a = v128.load(values);
    const b = v128.load(values, 16);
    const inA = v128.and(i16x8.ge_s(a, lows), i16x8.le_s(a, highs));
    const inB = v128.and(i16x8.ge_s(b, lows), i16x8.le_s(b, highs));
    and16(i8x16.narrow_i16x8_s(inA, inB), mask);
  }
}

export function andRangeU16(values: usize, low: i32, high: i32, mask: usize, rows: i32): void {
  const lows = i16x8.splat(<i16>low);
  const highs = i16x8.splat(<i16>high);
  for (let i = 0; i < rows; i += 16, values += 32, mask += 16) {
    const a = v128.load(values);
    const b = v128.load(values, 16);
    const inA = v128.and(i16x8.ge_u(a, lows), i16x8.le_u(a, highs));
    const inB = v128.and(i16x8.ge_u(b, lows), i16x8.le_u(b, highs));
    and16(i8x16.narrow_i16x8_s(inA, inB), mask);
  }
}

export function andRangeI32(values: usize, low: i32, high: i32, mask: usize, rows: i32): void {
  const lows = i32x4.splat(low);
  const highs = i32x4.splat(high);
  for (let i = 0; i < rows; i += 8, values += 32, mask += 8) {
    const a = v128.load(values);
    const b = v128.load(values, 16);
    const inA = v128.and(i32x4.ge_s(a, lows), i32x4.le_s(a, highs));
    const inB = v128.and(i32x4.ge_s(b, lows), i32x4.le_s(b, highs));
    and8(inA, inB, mask);
  }
}

export function andRangeU32(values: usize, low: u32, high: u32, mask: usize, rows: i32): void {
  const lows = i32x4.splat(<i32>low);
  const highs = i32x4.splat(<i32>high);
  for (let i = 0; i < rows; i += 8, values += 32, mask += 8) {
    const a = v128.load(values);
    const b = v128.load(values, 16);
    const inA = v128.and(i32x4.ge_u(a, lows), i32x4.le_u(a, highs));
    const inB = v128.and(i32x4.ge_u(b, lows), i32x4.le_u(b, highs));
    and8(inA, inB, mask);
  }
}

export function andRangeF32(values: usize, low: f32, high: f32, mask: usize, rows: i32): void {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  for (let i = 0; i < rows; i += 8, values += 32, mask += 8) {
    const a = v128.load(values);
    const b = v128.load(values, 16);
    const inA = v128.and(f32x4.ge(a, lows), f32x4.le(a, highs));
    const inB = v128.and(f32x4.ge(b, lows), f32x4.le(b, highs));
    and8(inA, inB, mask);
  }
}

/** mask[i] &= lut[codes[i]], or `ofNull` where the code is that of null. */
export function andCodes(codes: usize, lut: usize, ofNull: i32, mask: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, codes += 4, mask++) {
    const code = load<u32>(codes);
    const passes = code == 0xffff_ffff ? <u8>ofNull : load<u8>(lut + <usize>code);
    store<u8>(mask, load<u8>(mask) & passes);
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function and16(passes: v128, mask: usize): void {
  v128.store(mask, v128.and(v128.load(mask), passes));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function and8(a: v128, b: v128, mask: usize): void {
  const words = i16x8.narrow_i32x4_s(a, b);
  const bytes = i8x16.narrow_i16x8_s(words, words);
  store<u64>(mask, load<u64>(mask) & <u64>i64x2.extract_lane(bytes, 0));
}
