// Byte masks: 1 where a row passes.

export function andRange(values: usize, low: f64, high: f64, mask: usize, rows: i32): void {
  const lows = f64x2.splat(low);
  const highs = f64x2.splat(high);
  for (let i = 0; i < rows; i += 8, values += 64, mask += 8) {
    const a = inRange(v128.load(values), lows, highs);
    const b = inRange(v128.load(values, 16), lows, highs);
    const c = inRange(v128.load(values, 32), lows, highs);
    const d = inRange(v128.load(values, 48), lows, highs);
    andLanes(a, b, c, d, mask);
  }
}

export function andRangeI64(values: usize, low: i64, high: i64, mask: usize, rows: i32): void {
  const lows = i64x2.splat(low);
  const highs = i64x2.splat(high);
  for (let i = 0; i < rows; i += 8, values += 64, mask += 8) {
    const a = inRangeI64(v128.load(values), lows, highs);
    const b = inRangeI64(v128.load(values, 16), lows, highs);
    const c = inRangeI64(v128.load(values, 32), lows, highs);
    const d = inRangeI64(v128.load(values, 48), lows, highs);
    andLanes(a, b, c, d, mask);
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function inRange(values: v128, lows: v128, highs: v128): v128 {
  return v128.and(f64x2.ge(values, lows), f64x2.le(values, highs));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function inRangeI64(values: v128, lows: v128, highs: v128): v128 {
  return v128.and(i64x2.ge_s(values, lows), i64x2.le_s(values, highs));
}

// Eight lanes of 64 bits, all ones or all zeros, into eight bytes of the mask.
// @ts-ignore: a decorator of AssemblyScript
@inline
function andLanes(a: v128, b: v128, c: v128, d: v128, mask: usize): void {
  const ab = v128.shuffle<i32>(a, b, 0, 2, 4, 6);
  const cd = v128.shuffle<i32>(c, d, 0, 2, 4, 6);
  const words = i16x8.narrow_i32x4_s(ab, cd);
  const bytes = i8x16.narrow_i16x8_s(words, words);
  store<u64>(mask, load<u64>(mask) & <u64>i64x2.extract_lane(bytes, 0));
}

export function count(mask: usize, rows: i32): i32 {
  let sum = 0;
  let i = 0;
  for (; i + 8 <= rows; i += 8) sum += <i32>popcnt<u64>(load<u64>(mask + <usize>i));
  for (; i < rows; i++) sum += <i32>load<u8>(mask + <usize>i);
  return sum;
}
