/**
 * The cell of `value` on a linear axis of `width` cells between `low` and `high`, or -1 outside of it.
 * IEEE doubles, in exactly this order of operations: a multiplied reciprocal would put two-decimal data into
 * other cells. Every kernel gives the same cells as this function, without an epsilon.
 */
export function linearCell(value: number, low: number, high: number, width: number): number {
  if (!(value >= low && value <= high)) return -1;
  const cell = ((value - low) * width) / (high - low);
  // Written so that what overflowed into NaN is in the last cell too.
  return cell < width - 1 ? Math.floor(cell) : width - 1;
}

/**
 * The `width + 1` edges of the cells of a log axis, ascending; the first and the last are the ends themselves.
 * A value's cell is the last edge that is not above it.
 */
export function logEdges(low: number, high: number, width: number): Float64Array {
  const from = Math.log10(low);
  const step = (Math.log10(high) - from) / width;
  const edges = new Float64Array(width + 1);
  for (let i = 1; i < width; i++) edges[i] = Math.min(high, Math.max(low, 10 ** (from + i * step)));
  edges[0] = low;
  edges[width] = high;
  return edges;
}

/** The cell of `value` between `edges`, or -1 outside of them; a value on the last edge is in the last cell. */
export function edgeCell(value: number, edges: Float64Array): number {
  const width = edges.length - 1;
  if (!(value >= edges[0]! && value <= edges[width]!)) return -1;
  let low = 0;
  let high = width - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (edges[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The cell of an exact integer time, in the same unit as both ends, or -1 outside of them. */
export function timeCell(value: bigint, low: bigint, high: bigint, width: number): number {
  if (value < low || value > high) return -1;
  const cell = Number(((value - low) * BigInt(width)) / (high - low));
  return Math.min(cell, width - 1);
}
