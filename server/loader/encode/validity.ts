/** The number of rows whose byte is 0. */
export function countNulls(valid: Uint8Array, rows: number): number {
  let count = 0;
  for (let row = 0; row < rows; row++) count += valid[row]!;
  return rows - count;
}

/** Packs one byte a row (1 or 0) into bits, least significant first; the bits after the last row are 0. */
export function packBits(flags: Uint8Array, rows: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(rows / 8));
  const whole = rows >>> 3;
  for (let byte = 0, row = 0; byte < whole; byte++, row += 8) {
    bits[byte] =
      flags[row]! |
      (flags[row + 1]! << 1) |
      (flags[row + 2]! << 2) |
      (flags[row + 3]! << 3) |
      (flags[row + 4]! << 4) |
      (flags[row + 5]! << 5) |
      (flags[row + 6]! << 6) |
      (flags[row + 7]! << 7);
  }
  for (let row = whole * 8; row < rows; row++) bits[row >>> 3]! |= flags[row]! << (row & 7);
  return bits;
}
