/**
 * The half widths of the rows of a disc: cell (dx, dy) belongs to it where dx² + dy² ≤ radius², so row dy reaches
 * from -half to +half with half = `discRows(radius)[|dy|]`.
 */
export function discRows(radius: number): Int32Array {
  const rows = new Int32Array(Math.floor(radius) + 1);
  for (let dy = 0; dy < rows.length; dy++) {
    rows[dy] = Math.floor(Math.sqrt(radius * radius - dy * dy) + 1e-9);
  }
  return rows;
}

/** The number of cells of a disc. */
export function discSize(radius: number): number {
  const [middle, ...others] = discRows(radius);
  return others.reduce((size, half) => size + 2 * (2 * half + 1), 2 * middle! + 1);
}

/**
 * For each cell the sum of `values` over the disc around it. Costs a few operations a cell for each row of the
 * disc, however many rows of the table the cells hold: each disc row is the difference of two prefix sums.
 */
export function discSums(
  values: Uint32Array,
  width: number,
  height: number,
  radius: number,
): Uint32Array<ArrayBuffer> {
  const rows = discRows(radius);
  const reach = rows.length - 1;
  const sums = new Uint32Array(width * height);
  // One row of prefix sums with a margin of `widest` on both sides, so that no position needs a check.
  const widest = rows[0]!;
  const prefix = new Uint32Array(width + 2 * widest + 2);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    let sum = 0;
    for (let x = 0; x < width; x++) {
      sum += values[start + x]!;
      // prefix[widest + 1 + x] is the sum of the cells up to x; it wraps at 2^32, its differences do not.
      prefix[widest + 1 + x] = sum;
    }
    if (sum === 0) continue;
    prefix.fill(sum, widest + 1 + width);
    for (let dy = -reach; dy <= reach; dy++) {
      const to = y + dy;
      if (to < 0 || to >= height) continue;
      const half = rows[Math.abs(dy)]!;
      const target = to * width;
      const right = widest + 1 + half;
      const left = widest - half;
      for (let x = 0; x < width; x++) {
        sums[target + x]! += prefix[right + x]! - prefix[left + x]!;
      }
    }
  }
  return sums;
}
