// The cells of an axis: 0 to width - 1, -1 outside of the domain, -2 without a place. See protocol/cells.ts.

export function linearCells(values: usize, low: f64, high: f64, width: i32, cells: usize, rows: i32): void {
  const lows = f64x2.splat(low);
  const highs = f64x2.splat(high);
  const widths = f64x2.splat(<f64>width);
  const lasts = f64x2.splat(<f64>(width - 1));
  const spans = f64x2.splat(high - low);
  for (let i = 0; i < rows; i += 4, values += 32, cells += 16) {
    const a = linear(v128.load(values), lows, highs, widths, spans, lasts);
    const b = linear(v128.load(values, 16), lows, highs, widths, spans, lasts);
    v128.store(cells, v128.shuffle<i32>(a, b, 0, 1, 4, 5));
  }
}

// The order of the operations is that of `linearCell`: a reciprocal would put two-decimal data into other cells.
// @ts-ignore: a decorator of AssemblyScript
@inline
function linear(values: v128, lows: v128, highs: v128, widths: v128, spans: v128, lasts: v128): v128 {
  const inside = v128.and(f64x2.ge(values, lows), f64x2.le(values, highs));
  const cell = f64x2.div(f64x2.mul(f64x2.sub(values, lows), widths), spans);
  const clamped = v128.bitselect(cell, lasts, f64x2.lt(cell, lasts));
  const finite = f64x2.eq(f64x2.sub(values, values), f64x2.splat(0));
  const elsewhere = v128.bitselect(f64x2.splat(-1), f64x2.splat(-2), finite);
  return i32x4.trunc_sat_f64x2_s_zero(v128.bitselect(clamped, elsewhere, inside));
}

/** Bins equally wide but for rounding: a guess by their mean width is at most one off. */
export function stepCells(
  values: usize,
  edges: usize,
  width: i32,
  low: f64,
  high: f64,
  least: f64,
  cells: usize,
  rows: i32,
): void {
  const first = load<f64>(edges);
  const firsts = f64x2.splat(first);
  const scales = f64x2.splat(<f64>width / (load<f64>(edges + (<usize>width << 3)) - first));
  const zero = f64x2.splat(0);
  const lasts = f64x2.splat(<f64>(width - 1));
  const lows = f64x2.splat(low);
  const highs = f64x2.splat(high);
  const leasts = f64x2.splat(least);
  const greatest = f64x2.splat(f64.MAX_VALUE);
  for (let i = 0; i < rows; i += 2, values += 16, cells += 8) {
    const value = v128.load(values);
    const scaled = f64x2.mul(f64x2.sub(value, firsts), scales);
    const guess = i32x4.trunc_sat_f64x2_s_zero(f64x2.pmin(f64x2.pmax(scaled, zero), lasts));
    const a = <usize>i32x4.extract_lane(guess, 0) << 3;
    const b = <usize>i32x4.extract_lane(guess, 1) << 3;
    const begins = v128.load64_lane(edges + b, v128.load64_zero(edges + a), 1);
    const ends = v128.load64_lane(edges + b, v128.load64_zero(edges + a, 8), 1, 8);
    // All ones is -1: a bin earlier where its beginning is above the value, one later where its end is not.
    const earlier = v128.and(f64x2.gt(begins, value), f64x2.splat(-1));
    const later = v128.and(f64x2.le(ends, value), f64x2.splat(1));
    const exact = f64x2.add(f64x2.convert_low_i32x4_s(guess), f64x2.add(earlier, later));
    const cell = f64x2.pmin(f64x2.pmax(exact, zero), lasts);
    const inside = v128.and(f64x2.ge(value, lows), f64x2.le(value, highs));
    const placed = v128.and(f64x2.ge(value, leasts), f64x2.le(value, greatest));
    const elsewhere = v128.bitselect(f64x2.splat(-1), f64x2.splat(-2), placed);
    const result = i32x4.trunc_sat_f64x2_s_zero(v128.bitselect(cell, elsewhere, inside));
    store<i64>(cells, i64x2.extract_lane(result, 0));
  }
}

/** Cells of a log axis: the first bits of a positive double lead to the first cell that it may be in. */
export function logCells(
  values: usize,
  edges: usize,
  width: i32,
  table: usize,
  base: i32,
  shift: i32,
  cells: usize,
  rows: i32,
): void {
  const low = load<f64>(edges);
  const high = load<f64>(edges + (<usize>width << 3));
  for (let i = 0; i < rows; i++) {
    const at = values + (<usize>i << 3);
    const value = load<f64>(at);
    let cell = -1;
    if (value >= low && value <= high) {
      cell = load<i32>(table + (<usize>((load<i32>(at, 4) >> shift) - base) << 2));
      while (cell < width - 1 && load<f64>(edges + (<usize>cell << 3), 8) <= value) cell++;
    } else if (!(value > 0 && value <= f64.MAX_VALUE)) cell = -2;
    store<i32>(cells + (<usize>i << 2), cell);
  }
}

/** Exact integers between integer edges: a guess in doubles, and steps from there to the true cell. */
export function timeCells(
  values: usize,
  edges: usize,
  width: i32,
  low: i64,
  high: i64,
  cells: usize,
  rows: i32,
): void {
  const first = load<i64>(edges);
  // Differences of int64 fit 64 bits without a sign.
  const scale = <f64>width / max(1, <f64>(<u64>(load<i64>(edges + (<usize>width << 3)) - first)));
  for (let i = 0; i < rows; i++) {
    const value = load<i64>(values + (<usize>i << 3));
    let cell = -1;
    if (value >= low && value <= high) {
      cell = value <= first ? 0 : min(width - 1, <i32>(<f64>(<u64>(value - first)) * scale));
      while (cell > 0 && load<i64>(edges + (<usize>cell << 3)) > value) cell--;
      while (cell < width - 1 && load<i64>(edges + (<usize>cell << 3), 8) <= value) cell++;
    }
    store<i32>(cells + (<usize>i << 2), cell);
  }
}
