// From cells to counts. -3 is the cell of a row that does not pass the filters.

/** xs[i] = ys[i] * width + xs[i] where both are cells, else the lesser of the two. */
export function pictureCells(xs: usize, ys: usize, width: i32, rows: i32): void {
  const widths = i32x4.splat(width);
  const zero = i32x4.splat(0);
  for (let i = 0; i < rows; i += 4, xs += 16, ys += 16) {
    const x = v128.load(xs);
    const y = v128.load(ys);
    const lesser = i32x4.min_s(x, y);
    const cell = i32x4.add(i32x4.mul(y, widths), x);
    v128.store(xs, v128.bitselect(lesser, cell, i32x4.lt_s(lesser, zero)));
  }
}

/** out[i] = actives[i] * stride + cells[i]; a cell of -1 stands at stride - 2, one of -2 at stride - 1. */
export function cubeCells(actives: usize, cells: usize, stride: i32, out: usize, rows: i32): void {
  const strides = i32x4.splat(stride);
  const lost = i32x4.splat(stride - 3);
  const zero = i32x4.splat(0);
  for (let i = 0; i < rows; i += 4, actives += 16, cells += 16, out += 16) {
    const cell = v128.load(cells);
    const place = v128.bitselect(i32x4.sub(lost, cell), cell, i32x4.lt_s(cell, zero));
    v128.store(out, i32x4.add(i32x4.mul(v128.load(actives), strides), place));
  }
}

/** out[i] = -3 where values[i] is NaN, else cells[i]. */
export function cellsOfValues(cells: usize, values: usize, out: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, cells += 4, values += 8, out += 4) {
    const value = load<f64>(values);
    store<i32>(out, value == value ? load<i32>(cells) : -3);
  }
}

/** out[i] = -3 where the mask is 0, else cells[i]. */
export function maskCells(cells: usize, mask: usize, out: usize, rows: i32): void {
  const zero = i32x4.splat(0);
  const filtered = i32x4.splat(-3);
  for (let i = 0; i < rows; i += 8, cells += 32, out += 32, mask += 8) {
    const bytes = v128.load8x8_u(mask);
    const low = i32x4.eq(i32x4.extend_low_i16x8_u(bytes), zero);
    const high = i32x4.eq(i32x4.extend_high_i16x8_u(bytes), zero);
    v128.store(out, v128.bitselect(filtered, v128.load(cells), low));
    v128.store(out, v128.bitselect(filtered, v128.load(cells, 16), high), 16);
  }
}

/** counts[cell + 3]++ for every row that passes: 1 is without a place, 2 outside, cells begin at 3. */
export function countCells(cells: usize, counts: usize, rows: i32): void {
  const base = counts + 12;
  const filtered = i32x4.splat(-3);
  let i = 0;
  for (; i + 4 <= rows; i += 4, cells += 16) {
    const four = v128.load(cells);
    if (!v128.any_true(i32x4.ne(four, filtered))) continue;
    add(base, i32x4.extract_lane(four, 0));
    add(base, i32x4.extract_lane(four, 1));
    add(base, i32x4.extract_lane(four, 2));
    add(base, i32x4.extract_lane(four, 3));
  }
  for (; i < rows; i++, cells += 4) add(base, load<i32>(cells));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function add(base: usize, cell: i32): void {
  const at = base + (cell << 2);
  store<u32>(at, load<u32>(at) + 1);
}
