// Stored numbers as doubles, two to a vector.

export function i8ToF64(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 8, from += 8, out += 64) storeI16(out, v128.load8x8_s(from));
}

export function u8ToF64(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 8, from += 8, out += 64) storeI16(out, v128.load8x8_u(from));
}

export function i16ToF64(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 8, from += 16, out += 64) storeI16(out, v128.load(from));
}

export function u16ToF64(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 4, from += 8, out += 32) storeI32(out, v128.load16x4_u(from));
}

export function i32ToF64(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 4, from += 16, out += 32) storeI32(out, v128.load(from));
}

export function u32ToF64(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 4, from += 16, out += 32) {
    const values = v128.load(from);
    v128.store(out, f64x2.convert_low_i32x4_u(values));
    v128.store(out, f64x2.convert_low_i32x4_u(highHalf(values)), 16);
  }
}

export function f32ToF64(from: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 4, from += 16, out += 32) {
    const values = v128.load(from);
    v128.store(out, f64x2.promote_low_f32x4(values));
    v128.store(out, f64x2.promote_low_f32x4(highHalf(values)), 16);
  }
}

/** In place: the words of int64 become the nearest doubles. */
export function i64ToF64(at: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, at += 8) store<f64>(at, f64(load<i64>(at)));
}

/** In place: the words of int64, less `origin`, become the nearest doubles. */
export function i64ToOffsets(at: usize, rows: i32, origin: i64): void {
  for (let i = 0; i < rows; i++, at += 8) store<f64>(at, f64(load<i64>(at) - origin));
}

/** In place: the words of uint64 become the nearest doubles. */
export function u64ToF64(at: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, at += 8) store<f64>(at, f64(load<u64>(at)));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function storeI16(out: usize, values: v128): void {
  storeI32(out, i32x4.extend_low_i16x8_s(values));
  storeI32(out + 32, i32x4.extend_high_i16x8_s(values));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function storeI32(out: usize, values: v128): void {
  v128.store(out, f64x2.convert_low_i32x4_s(values));
  v128.store(out, f64x2.convert_low_i32x4_s(highHalf(values)), 16);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function highHalf(values: v128): v128 {
  return v128.shuffle<i32>(values, values, 2, 3, 2, 3);
}
