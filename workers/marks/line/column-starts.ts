import type { TableView } from '../../columns.js';
import { axisWidth, type AxisPlan } from '../../scan/axis.js';
import { openReach, type Reach } from './reach.js';

/** Batches `first` to `last` of a table. */
export interface BatchRange {
  first: number;
  last: number;
}

/** Where the pixel columns of an axis begin among rows that ascend with x. */
export interface ColumnStarts {
  /** By pixel column its first row, and the first row on the right of the domain. */
  starts: Float64Array;
  /** Rows of which x was looked up. */
  lookups: number;
}

/** Looks for the first row of every pixel column. Only `batches` are in memory: they hold all rows of the domain. */
export function columnStarts(
  axis: AxisPlan,
  table: TableView,
  { first, last }: BatchRange,
): ColumnStarts {
  const { batchRows } = table;
  const width = axisWidth(axis);
  const starts = new Float64Array(width + 1);
  const reachOf = openReach(axis, table);
  const search = new Search();
  let firstRow = 0;
  for (let before = 0; before < first; before++) firstRow += batchRows[before]!;
  let c = 0;
  for (let batch = first; batch <= last; batch++) {
    const rows = batchRows[batch]!;
    const reach = reachOf(batch);
    search.lookups++;
    // Pixel columns that do not begin in this batch begin in a later one, or where all rows end.
    for (let from = 0; c <= width && from < rows && reach.reaches(rows - 1, c); c++) {
      from = search.firstReaching(reach, c, from, rows - 1);
      starts[c] = firstRow + from;
    }
    firstRow += rows;
  }
  starts.fill(firstRow, c);
  return { starts, lookups: search.lookups };
}

/** A few rows of one cache line or two. */
const FIRST_STEP = 8;

/** Searches for rows, each on the right of the one before. */
class Search {
  lookups = 0;
  /** Rows of a pixel column, as of the last one. */
  #rows = 0;

  /**
   * The first row from `from` to `last`, which reaches pixel column `c`, that does. Pixel columns have about as many rows as
   * their neighbours: one look at x there, and a second where that one points to, are mostly enough; from there the
   * search goes out in growing steps. Each look at a new place waits for memory, a walk of halves would for a dozen.
   */
  firstReaching(reach: Reach, c: number, from: number, last: number): number {
    let low = from;
    let high = last;
    let middle = Math.min(last, from + this.#rows);
    const shift = Math.round(reach.ahead(middle, c) * this.#rows);
    // Not so where it is infinite or NaN.
    if (Math.abs(shift) < last) middle = Math.min(last, Math.max(from, middle + shift));
    this.lookups += 2;
    if (reach.reaches(middle, c)) {
      high = middle;
      for (let step = FIRST_STEP; high - step >= low; step *= 2) {
        this.lookups++;
        if (!reach.reaches(high - step, c)) {
          low = high - step + 1;
          break;
        }
        high -= step;
      }
    } else {
      low = middle + 1;
      for (let step = FIRST_STEP; low + step < high; step *= 2) {
        this.lookups++;
        if (reach.reaches(low + step, c)) {
          high = low + step;
          break;
        }
        low += step + 1;
      }
    }
    while (low < high) {
      this.lookups++;
      const half = (low + high) >>> 1;
      if (reach.reaches(half, c)) high = half;
      else low = half + 1;
    }
    this.#rows = high - from;
    return high;
  }
}
