// Bits of validity and of booleans, least significant first.

// @ts-ignore: a decorator of AssemblyScript
@inline
function bit(bits: usize, i: i32): u32 {
  return (<u32>load<u8>(bits + <usize>(i >> 3)) >> (i & 7)) & 1;
}

export function bitsToU8(bits: usize, out: usize, rows: i32): void {
  const ones = i8x16.splat(1);
  const places = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  const spread = i8x16(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  for (let i = 0; i < rows; i += 16, bits += 2, out += 16) {
    // Each of two bytes eight times, of which each lane keeps one bit.
    const bytes = i8x16.swizzle(i16x8.splat(load<i16>(bits)), spread);
    v128.store(out, v128.and(i8x16.eq(v128.and(bytes, places), places), ones));
  }
}

/** The bits of a mask, which is 0 from `rows` up to the next multiple of 64. */
export function packBits(mask: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 64, mask += 64, out += 8) {
    const a = <u64>(<u32>sixteen(mask));
    const b = <u64>(<u32>sixteen(mask + 16));
    const c = <u64>(<u32>sixteen(mask + 32));
    const d = <u64>(<u32>sixteen(mask + 48));
    store<u64>(out, a | (b << 16) | (c << 32) | (d << 48));
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function sixteen(mask: usize): i32 {
  return i8x16.bitmask(i8x16.shl(v128.load(mask), 7));
}

/** into[i] &= bits[i] for whole words of 64 bits; returns how many bits are left. */
export function andBits(bits: usize, into: usize, words: i32): i32 {
  let sum = 0;
  for (let i = 0; i < words; i++, bits += 8, into += 8) {
    const word = load<u64>(bits) & load<u64>(into);
    store<u64>(into, word);
    sum += <i32>popcnt<u64>(word);
  }
  return sum;
}

export function bitsToF64(bits: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) store<f64>(out + (<usize>i << 3), <f64>bit(bits, i));
}

export function bitsToU32(bits: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) store<u32>(out + (<usize>i << 2), bit(bits, i));
}

export function nullF64(bits: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 8) {
    // Most bytes have no null.
    if (load<u8>(bits + <usize>(i >> 3)) == 255) continue;
    const end = min(i + 8, rows);
    for (let k = i; k < end; k++) if (bit(bits, k) == 0) store<f64>(out + (<usize>k << 3), NaN);
  }
}

export function nullU32(bits: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 8) {
    if (load<u8>(bits + <usize>(i >> 3)) == 255) continue;
    const end = min(i + 8, rows);
    for (let k = i; k < end; k++) if (bit(bits, k) == 0) store<u32>(out + (<usize>k << 2), 0xffff_ffff);
  }
}
