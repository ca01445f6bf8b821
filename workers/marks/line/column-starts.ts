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

/** Pixel columns `from` (inclusive) to `to` (exclusive) of an axis. */
export interface ColumnRange {
  from: number;
  to: number;
}

/**
 * Looks for the first row of every pixel column, or of some. Only `batches` are in memory: they hold all rows of the domain.
 * The first of `starts` is that of column `from`.
 */
export function columnStarts(
  axis: AxisPlan,
  table: TableView,
  { first, last }: BatchRange,
  { from: begin, to: end }: ColumnRange = { from: 0, to: axisWidth(axis) },
): ColumnStarts {
  const { batchRows } = table;
  const starts = new Float64Array(end - begin + 1);
  const guesses = new Float64Array(end + 1);
  const reachOf = openReach(axis, table);
  const search = new Search();
  let firstRow = 0;
  for (let before = 0; before < first; before++) firstRow += batchRows[before]!;
  let c = begin;
  for (let batch = first; batch <= last; batch++) {
    const rows = batchRows[batch]!;
    const reach = reachOf(batch);
    search.guess(reach, rows, c, guesses);
    // Pixel columns that do not begin in this batch begin in a later one, or where all rows end.
    for (let from = 0; c <= end && from < rows && reach.reaches(rows - 1, c); c++) {
      from = search.firstReaching(reach, c, from, rows - 1, guesses[c]!);
      starts[c - begin] = firstRow + from;
    }
    firstRow += rows;
  }
  starts.fill(firstRow, c - begin);
  return { starts, lookups: search.lookups };
}

/** A few rows of one cache line or two. */
const FIRST_STEP = 8;

/** Most guesses are right, or off by one: the neighbour is looked at first. */
function next(step: number): number {
  return Math.max(FIRST_STEP, step * 2);
}

/** Looks at rows that ascend with x, of one batch after another. */
export class Search {
  lookups = 0;

  /**
   * Guesses where the pixel columns from `c` on begin in a batch, as if its rows were evenly spread but for where the
   * first guess turns out to stand. These looks do not wait for one another, where those of a search each wait for memory.
   */
  guess(reach: Reach, rows: number, c: number, guesses: Float64Array): void {
    if (rows === 0) return;
    const low = reach.about(0);
    const high = reach.about(rows - 1);
    const each = (rows - 1) / (high - low);
    const end = Math.min(guesses.length - 1, Math.floor(high) + 1);
    for (let k = c; k <= end; k++) {
      const even = within(rows, (k - low) * each);
      guesses[k] = within(rows, even + (k - reach.about(even)) * each);
      this.lookups++;
    }
  }

  /**
   * The first row from `from` to `last`, which reaches pixel column `c`, that does: outward from a guess in growing
   * steps, and by halves where it must lie.
   */
  firstReaching(reach: Reach, c: number, from: number, last: number, guessed: number): number {
    let low = from;
    let high = last;
    const middle = Math.max(from, Math.min(last, guessed));
    this.lookups++;
    if (reach.reaches(middle, c)) {
      high = middle;
      for (let step = 1; high - step >= low; step = next(step)) {
        this.lookups++;
        if (!reach.reaches(high - step, c)) {
          low = high - step + 1;
          break;
        }
        high -= step;
      }
    } else {
      low = middle + 1;
      for (let step = 0; low + step < high; step = next(step)) {
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
    return high;
  }
}

/** The nearest row; the first one for what is no number, as where two ends are equal. */
function within(rows: number, place: number): number {
  return place > 0 ? Math.min(rows - 1, Math.round(place)) : 0;
}
