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
