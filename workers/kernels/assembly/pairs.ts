// Counts by cell and category. Negative cells are none: -1 outside, -2 without a place, -3 filtered.

/** slots[i] = lut[codes[i]], or `ofNull` where the code is that of null. */
export function slotCodes(codes: usize, lut: usize, ofNull: i32, slots: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, codes += 4, slots += 2) {
    const code = load<u32>(codes);
    store<u16>(slots, code == 0xffff_ffff ? <u16>ofNull : load<u16>(lut + ((<usize>code) << 1)));
  }
}

/** cells[i] = lut[codes[i]], or `ofNull` where the code is that of null. */
export function placeCodes(codes: usize, lut: usize, ofNull: i32, cells: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, codes += 4, cells += 4) {
    const code = load<u32>(codes);
    store<i32>(cells, code == 0xffff_ffff ? ofNull : load<i32>(lut + ((<usize>code) << 2)));
  }
}

/** cells[i] = cells[i] * slotCount + slots[i] where it is a cell. */
export function pairCells(cells: usize, slots: usize, slotCount: i32, rows: i32): void {
  const counts = i32x4.splat(slotCount);
  const zero = i32x4.splat(0);
  for (let i = 0; i < rows; i += 4, cells += 16, slots += 8) {
    const cell = v128.load(cells);
    const pair = i32x4.add(i32x4.mul(cell, counts), v128.load16x4_u(slots));
    v128.store(cells, v128.bitselect(cell, pair, i32x4.lt_s(cell, zero)));
  }
}

/** counts[cell + 3]++ in bytes; one that is full begins anew at 1, and its cell is noted. Returns how many were. */
export function countBytes(cells: usize, counts: usize, spilled: usize, rows: i32): i32 {
  const base = counts + 3;
  const first = spilled;
  for (let i = 0; i < rows; i++, cells += 4) {
    const cell = load<i32>(cells);
    const at = base + cell;
    const count = load<u8>(at);
    if (count == 255) {
      store<u8>(at, 1);
      store<i32>(spilled, cell);
      spilled += 4;
    } else store<u8>(at, count + 1);
  }
  return <i32>((spilled - first) >> 2);
}

/** Writes the places between `from` and `to` of bytes that are not 0; returns how many there are. */
export function occupied(counts: usize, from: i32, to: i32, out: usize): i32 {
  const first = out;
  const zero = i8x16.splat(0);
  for (let i = from; i < to; i += 16) {
    let bits = i8x16.bitmask(i8x16.ne(v128.load(counts + <usize>i), zero));
    if (to - i < 16) bits &= (1 << (to - i)) - 1;
    for (; bits != 0; bits &= bits - 1, out += 4) store<i32>(out, i + ctz(bits));
  }
  return <i32>((out - first) >> 2);
}
