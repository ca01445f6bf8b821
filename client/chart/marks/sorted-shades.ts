import type { Grid } from '../render/grid.js';
import { meanColor, MOST_ROWS, partsOf } from './mix-cells.js';
import type { Shading } from './scatter-points.js';

/** The shades of points in the order of their cells: those of cell c are from `starts[c]` to `starts[c + 1]`. */
export interface SortedShades {
  starts: Uint32Array;
  shades: Uint8Array | Uint16Array;
}

/** Sorts the shades of all points that stand in one of `size` cells, by counting. There are `kinds` shades. */
export function sortShades(
  cells: Int32Array,
  size: number,
  shades: ArrayLike<number>,
  kinds: number,
): SortedShades {
  // While points are put down each start is a place further on, where the next point of the cell before goes.
  const starts = new Uint32Array(size + 2);
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (cell >= 0) starts[cell + 2]!++;
  }
  for (let cell = 2; cell < starts.length; cell++) starts[cell]! += starts[cell - 1]!;
  const sorted = new (kinds <= 256 ? Uint8Array : Uint16Array)(starts[size + 1]!);
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (cell < 0) continue;
    const at = starts[cell + 1]!;
    sorted[at] = shades[i]!;
    starts[cell + 1] = at + 1;
  }
  return { starts: starts.subarray(0, size + 1), shades: sorted };
}

/** As `mixCells` of the same points, in a quarter of the time: memory is read and written from its first byte to its last. */
export function mixSorted(
  { starts, shades }: SortedShades,
  shading: Omit<Shading, 'shades'>,
): Pick<Required<Grid>, 'counts' | 'colors'> {
  const size = starts.length - 1;
  const colors = new Uint32Array(size);
  const counts = new Uint32Array(size);
  const parts = partsOf(shading);
  for (let cell = 0; cell < size; cell++) {
    const end = starts[cell + 1]!;
    let [count, red, green, blue] = [0, 0, 0, 0];
    for (let from = starts[cell]!; from < end; from += MOST_ROWS) {
      let first = 0;
      let last = 0;
      for (let i = from; i < end && i < from + MOST_ROWS; i++) {
        const at = 2 * shades[i]!;
        first = (first + parts[at]!) | 0;
        last = (last + parts[at + 1]!) | 0;
      }
      count += last >>> 16;
      red += first >>> 16;
      green += first & 0xffff;
      blue += last & 0xffff;
    }
    if (count === 0) continue;
    counts[cell] = count;
    colors[cell] = meanColor(count, red, green, blue);
  }
  return { counts, colors };
}
