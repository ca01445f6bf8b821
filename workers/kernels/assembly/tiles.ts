// What builds and reads tiles: see workers/tiles/tiles.ts.

/** Bits of an entry: the strips of y and x within their tile, and above them the row. */
const STRIP_BITS = 6;
const STRIP_MASK = 63;
const ROW_SHIFT = 12;
/** Above these bits of a code stand its flags. */
const FLAG_SHIFT = 26;

// What is done with a row.
const COUNT = 0;
const X = 1;
const Y = 2;
const BOTH = 3;
const DROP = 4;

/** Doubles as integers in the same order: the bits of a negative one are turned over, but for the sign. */
export function ordered(values: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i += 2, values += 16, out += 16) {
    const bits = v128.load(values);
    const negative = i64x2.shr_s(bits, 63);
    v128.store(out, v128.xor(bits, i64x2.shr_u(negative, 1)));
  }
}

/** mask[i] &= 1 where the value is finite. */
export function andFinite(values: usize, mask: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, values += 8, mask++) {
    const value = load<f64>(values);
    store<u8>(mask, load<u8>(mask) & <u8>(value - value == 0));
  }
}

/** The last edge at or below each key, of a power of two edges; 0 below all. Without branches, two keys at a time. */
export function findStrips(keys: usize, edges: usize, count: i32, strips: usize, rows: i32): void {
  const half = <usize>count << 2;
  for (let i = 0; i < rows; i += 2, keys += 16, strips += 4) {
    const a = load<i64>(keys);
    const b = load<i64>(keys, 8);
    let atA: usize = 0;
    let atB: usize = 0;
    for (let step = half; step >= 8; step >>= 1) {
      const nextA = atA + step;
      const nextB = atB + step;
      atA = select<usize>(nextA, atA, load<i64>(edges + nextA) <= a);
      atB = select<usize>(nextB, atB, load<i64>(edges + nextB) <= b);
    }
    store<u16>(strips, <u16>(atA >> 3));
    store<u16>(strips, <u16>(atB >> 3), 2);
  }
}

/** counts[tile]++ for each row that has a place. */
export function countTiles(
  xs: usize,
  ys: usize,
  mask: usize,
  rows: i32,
  stripBits: i32,
  tileBits: i32,
  counts: usize,
): void {
  for (let i = 0; i < rows; i++, xs += 2, ys += 2, mask++) {
    if (load<u8>(mask) == 0) continue;
    const at = counts + (<usize>tileOf(load<u16>(xs), load<u16>(ys), stripBits, tileBits) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}

/** Puts rows where the next of their tile goes: those whose turns are from `from` to `to`. */
export function placeRows(
  from: i32,
  to: i32,
  rows: i32,
  xs: usize,
  ys: usize,
  mask: usize,
  stripBits: i32,
  tileBits: i32,
  next: usize,
  entries: usize,
): void {
  const within = (1 << stripBits) - 1;
  for (let turn = from; turn < to; turn++) {
    const row = rowAtTurn(turn);
    if (row >= rows || load<u8>(mask + row) == 0) continue;
    const x = <i32>load<u16>(xs + (<usize>row << 1));
    const y = <i32>load<u16>(ys + (<usize>row << 1));
    const tile = next + (<usize>tileOf(x, y, stripBits, tileBits) << 2);
    const at = load<u32>(tile);
    store<u32>(tile, at + 1);
    const strips = ((y & within) << STRIP_BITS) | (x & within);
    store<u32>(entries + (<usize>at << 2), (row << ROW_SHIFT) | strips);
  }
}

// See workers/tiles/turns.ts.
// @ts-ignore: a decorator of AssemblyScript
@inline
function rowAtTurn(turn: i32): i32 {
  let row = (turn * 0x9e375) & 0xfffff;
  row ^= row >> 10;
  return (row * 0x5bd1b) & 0xfffff;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function tileOf(x: i32, y: i32, stripBits: i32, tileBits: i32): i32 {
  return ((y >> stripBits) << tileBits) | (x >> stripBits);
}

/**
 * Sorts rows `from` to `to` of a run of tiles by what their strips tell. Rows whose cell is known are counted, the others are
 * listed: rows without x and their y, rows without y and their x, rows without both. The lists begin with their three lengths,
 * how many were dropped, how many counted, and how many cells stand in `full`: those of bytes that were full, and begin anew.
 */
export function sortRows(
  entries: usize,
  from: i32,
  to: i32,
  starts: usize,
  tile: i32,
  xTiles: usize,
  xs: usize,
  stripBits: i32,
  yTile: i32,
  ys: usize,
  bits: usize,
  ways: usize,
  counts: usize,
  full: usize,
  lists: usize,
  capacity: i32,
): i32 {
  const size = <usize>capacity << 2;
  const rowsOfX = lists + 64;
  const yOfX = rowsOfX + size;
  const rowsOfY = yOfX + size;
  const xOfY = rowsOfY + size;
  const rowsOfBoth = xOfY + size;
  let ofX = load<u32>(lists);
  let ofY = load<u32>(lists, 4);
  let ofBoth = load<u32>(lists, 8);
  let dropped = load<u32>(lists, 12);
  let counted = load<u32>(lists, 16);
  const firstFull = full;
  const countsKnown = <i32>(<i32>load<u8>(ways) == COUNT);
  const doubtful = rowsOfBoth + size;
  // What stands there is not read.
  const nowhere = lists + 32;
  entries -= <usize>from << 2;
  let at = from;
  for (; at < to; tile++) {
    const end = min(to, <i32>load<u32>(starts + (<usize>tile << 2), 4));
    const xTile = load<i32>(xTiles + (<usize>tile << 2));
    // The same is known of every row of the tile.
    if (bits == 0 && xTile >= 0 && yTile >= 0) {
      const way = <i32>load<u8>(ways + wayAt(xTile, yTile));
      if (way == COUNT || way > BOTH) {
        if (way == COUNT) {
          const cell = counts + <usize>(xTile + yTile);
          let count = <i32>load<u8>(cell) + (end - at);
          for (; count > 255; count -= 255, full += 4) store<i32>(full, xTile + yTile);
          store<u8>(cell, <u8>count);
          counted += end - at;
        } else if (way == DROP) dropped += end - at;
        at = end;
        continue;
      }
    }
    const own = xs + ((<usize>tile << stripBits) << 2);
    // Which rows are in doubt cannot be foretold: they are put aside without a branch, and what is known is counted.
    let aside = doubtful;
    for (; at < end; at++) {
      const entry = load<u32>(entries + (<usize>at << 2));
      const row = entry >> ROW_SHIFT;
      const x = load<i32>(own + (<usize>(entry & STRIP_MASK) << 2));
      const y = load<i32>(ys + (<usize>((entry >> STRIP_BITS) & STRIP_MASK) << 2));
      const passes = bits == 0 ? 1 : (<i32>load<u8>(bits + (row >> 3)) >> <i32>(row & 7)) & 1;
      const isKnown = countsKnown & <i32>(((x | y) >> FLAG_SHIFT) == 0);
      const taken = isKnown & passes;
      const cell = select<usize>(counts + <usize>(x + y), nowhere, taken);
      const count = <i32>load<u8>(cell);
      if (count == 255) {
        store<u8>(cell, 1);
        store<i32>(full, x + y);
        full += <usize>taken << 2;
      } else store<u8>(cell, <u8>(count + 1));
      counted += taken;
      store<u32>(aside, entry);
      aside += <usize>((isKnown ^ 1) & passes) << 2;
    }
    for (let next = doubtful; next < aside; next += 4) {
      const entry = load<u32>(next);
      const row = entry >> ROW_SHIFT;
      const x = load<i32>(own + (<usize>(entry & STRIP_MASK) << 2));
      const y = load<i32>(ys + (<usize>((entry >> STRIP_BITS) & STRIP_MASK) << 2));
      const way = <i32>load<u8>(ways + wayAt(x, y));
      // Written to all lists, of which one goes on: nor can be foretold which.
      store<u32>(rowsOfX + (<usize>ofX << 2), row);
      store<i32>(yOfX + (<usize>ofX << 2), y);
      ofX += <u32>(way == X);
      store<u32>(rowsOfY + (<usize>ofY << 2), row);
      store<i32>(xOfY + (<usize>ofY << 2), x);
      ofY += <u32>(way == Y);
      store<u32>(rowsOfBoth + (<usize>ofBoth << 2), row);
      ofBoth += <u32>(way == BOTH);
      dropped += <u32>(way == DROP);
    }
  }
  store<u32>(lists, ofX);
  store<u32>(lists, ofY, 4);
  store<u32>(lists, ofBoth, 8);
  store<u32>(lists, dropped, 12);
  store<u32>(lists, counted, 16);
  store<u32>(lists, <u32>((full - firstFull) >> 2), 20);
  // The tile of the next row, or one before it.
  return tile - 1;
}

/**
 * Lists rows `from` to `to` of a run of tiles whose strips are from `low` to `high` on both axes, counted from the first of the
 * run; behind the first `count` of the list. Returns how many stand there then.
 */
export function listRows(
  entries: usize,
  from: i32,
  to: i32,
  starts: usize,
  stripBits: i32,
  xLow: i32,
  xHigh: i32,
  yLow: i32,
  yHigh: i32,
  bits: usize,
  rows: usize,
  count: i32,
): i32 {
  const height = <u32>(yHigh - yLow);
  let next = rows + (<usize>count << 2);
  let tile = 0;
  for (let at = from; at < to; tile++) {
    const end = min(to, <i32>load<u32>(starts + (<usize>tile << 2), 4));
    const low = max(xLow - (tile << stripBits), 0);
    const width = <u32>(min(xHigh - (tile << stripBits), <i32>STRIP_MASK) - low);
    for (; at < end; at++, entries += 4) {
      const entry = load<u32>(entries);
      const row = entry >> ROW_SHIFT;
      const passes = bits == 0 ? 1 : (<i32>load<u8>(bits + (row >> 3)) >> <i32>(row & 7)) & 1;
      const isNear =
        <i32>((entry & STRIP_MASK) - <u32>low <= width) &
        <i32>(((entry >> STRIP_BITS) & STRIP_MASK) - <u32>yLow <= height);
      store<u32>(next, row);
      next += <usize>(isNear & passes) << 2;
    }
  }
  return <i32>((next - rows) >> 2);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function wayAt(x: i32, y: i32): usize {
  return <usize>(((x >> FLAG_SHIFT) << 4) | (y >> FLAG_SHIFT));
}
