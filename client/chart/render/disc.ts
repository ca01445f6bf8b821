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
 * For each cell the sum of `values` over the disc around it. A row of cells that are mostly empty is added disc by
 * disc; any other costs a few operations a cell for each row of the disc, which is the difference of two prefix
 * sums. How many rows of the table the cells hold does not matter.
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
  const occupied = new Uint32Array(width);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    let many = 0;
    for (let x = 0; x < width; x++) if (values[start + x]! !== 0) occupied[many++] = x;
    if (many === 0) continue;
    if (many * (2 * widest + 1) < width) {
      for (let i = 0; i < many; i++) addDisc(occupied[i]!, y, values[start + occupied[i]!]!);
      continue;
    }
    let sum = 0;
    for (let x = 0; x < width; x++) {
      sum += values[start + x]!;
      // prefix[widest + 1 + x] is the sum of the cells up to x; it wraps at 2^32, its differences do not.
      prefix[widest + 1 + x] = sum;
    }
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

  function addDisc(x: number, y: number, value: number): void {
    for (let dy = -reach; dy <= reach; dy++) {
      const to = y + dy;
      if (to < 0 || to >= height) continue;
      const half = rows[Math.abs(dy)]!;
      const end = to * width + Math.min(width - 1, x + half);
      for (let at = to * width + Math.max(0, x - half); at <= end; at++) sums[at]! += value;
    }
  }
}
