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

/**
 * Bins equally wide but for rounding. An edge is at most `doubt` from a whole number of mean widths, by the very operations
 * that are done here. They never reverse an order, so a value farther than that from all edges is in the bin they tell.
 */
export function stepCells(
  values: usize,
  edges: usize,
  width: i32,
  low: f64,
  high: f64,
  least: f64,
  doubt: f64,
  cells: usize,
  rows: i32,
): void {
  const first = load<f64>(edges);
  const scale = <f64>width / (load<f64>(edges + (<usize>width << 3)) - first);
  const firsts = f64x2.splat(first);
  const scales = f64x2.splat(scale);
  const lows = f64x2.splat(low);
  const highs = f64x2.splat(high);
  const doubts = f64x2.splat(doubt);
  const sures = f64x2.splat(1 - doubt);
  const zero = i32x4.splat(0);
  const lasts = i32x4.splat(width - 1);
  for (let i = 0; i < rows; i += 4, values += 32, cells += 16) {
    const a = v128.load(values);
    const b = v128.load(values, 16);
    const scaledA = f64x2.mul(f64x2.sub(a, firsts), scales);
    const scaledB = f64x2.mul(f64x2.sub(b, firsts), scales);
    const binA = f64x2.floor(scaledA);
    const binB = f64x2.floor(scaledB);
    const inside = v128.and(within(a, lows, highs), within(b, lows, highs));
    const sure = v128.and(
      within(f64x2.sub(scaledA, binA), doubts, sures),
      within(f64x2.sub(scaledB, binB), doubts, sures),
    );
    if (i32x4.all_true(v128.and(inside, sure))) {
      const binsA = i32x4.trunc_sat_f64x2_s_zero(binA);
      const binsB = i32x4.trunc_sat_f64x2_s_zero(binB);
      const bins = v128.shuffle<i32>(binsA, binsB, 0, 1, 4, 5);
      v128.store(cells, i32x4.min_s(i32x4.max_s(bins, zero), lasts));
    } else {
      for (let k: usize = 0; k < 4; k++) {
        const value = load<f64>(values + (k << 3));
        let cell = value >= least && value <= f64.MAX_VALUE ? -1 : -2;
        if (value >= low && value <= high) cell = stepCell(value, edges, width, first, scale);
        store<i32>(cells + (k << 2), cell);
      }
    }
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function within(values: v128, lows: v128, highs: v128): v128 {
  return v128.and(f64x2.gt(values, lows), f64x2.lt(values, highs));
}

// The edge that is nearest decides; the others are far.
function stepCell(value: f64, edges: usize, width: i32, first: f64, scale: f64): i32 {
  const edge = <i32>max<f64>(0, min<f64>(<f64>width, nearest<f64>((value - first) * scale)));
  const cell = value < load<f64>(edges + (<usize>edge << 3)) ? edge - 1 : edge;
  return max(0, min(width - 1, cell));
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
