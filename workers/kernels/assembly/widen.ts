// Stored integers as int64, codes as uint32.

export function i8ToI64(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i++)
    store<i64>(out + ((<usize>i) << 3), <i64>load<i8>(from + <usize>i));
}

export function u8ToI64(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i++)
    store<i64>(out + ((<usize>i) << 3), <i64>load<u8>(from + <usize>i));
}

export function i16ToI64(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) {
    store<i64>(out + ((<usize>i) << 3), <i64>load<i16>(from + ((<usize>i) << 1)));
  }
}

export function u16ToI64(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i++) {
    store<i64>(out + ((<usize>i) << 3), <i64>load<u16>(from + ((<usize>i) << 1)));
  }
}

export function i32ToI64(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 2, from += 8, out += 16) v128.store(out, v128.load32x2_s(from));
}

export function u32ToI64(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 2, from += 8, out += 16) v128.store(out, v128.load32x2_u(from));
}

export function u8ToU32(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 8, from += 8, out += 32) {
    const values = v128.load8x8_u(from);
    v128.store(out, i32x4.extend_low_i16x8_u(values));
    v128.store(out, i32x4.extend_high_i16x8_u(values), 16);
  }
}

export function u16ToU32(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 4, from += 8, out += 16) v128.store(out, v128.load16x4_u(from));
}
