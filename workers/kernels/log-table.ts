import type { Arena } from './arena.js';
import type { F64, LogTable } from './kernels.js';

/** Entries of a table at most: 64 kB, so that it stays in the caches. */
const MAX_ENTRIES = 16_384;

/**
 * The first cell that a positive double may be in, by the first bits of it: exponent and some of the mantissa. Those
 * bits ascend with the value, and evenly enough with its logarithm for a cell to be a step or two away.
 */
export function logTable(edges: F64, arena: Arena): LogTable {
  const words = new Int32Array(edges.buffer, edges.byteOffset, edges.length * 2);
  const first = words[1]!;
  const last = words[words.length - 1]!;
  let shift = 0;
  while ((last >> shift) - (first >> shift) >= MAX_ENTRIES) shift++;
  const base = first >> shift;
  const cells = arena.i32((last >> shift) - base + 1);
  const start = new DataView(new ArrayBuffer(8));
  const width = edges.length - 1;
  for (let entry = 0, cell = 0; entry < cells.length; entry++) {
    start.setInt32(0, (base + entry) << shift);
    const least = start.getFloat64(0);
    while (cell < width - 1 && edges[cell + 1]! <= least) cell++;
    cells[entry] = cell;
  }
  return { cells, base, shift };
}
