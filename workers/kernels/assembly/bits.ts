// Bits of validity and of booleans, least significant first.

// @ts-ignore: a decorator of AssemblyScript
@inline
function bit(bits: usize, i: i32): u32 {
  return (<u32>load<u8>(bits + <usize>(i >> 3)) >> (i & 7)) & 1;
}

export function bitsToU8(bits: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) store<u8>(out + <usize>i, <u8>bit(bits, i));
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
