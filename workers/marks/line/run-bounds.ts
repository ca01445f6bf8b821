import { axisWidth, type AxisPlan } from '../../scan/axis.js';
import { Search } from './column-starts.js';
import type { Reach } from './reach.js';

/** Where the pixel columns of an axis begin in a run of rows that ascend with x. */
export class RunBounds {
  /**
   * By pixel column its first place in the run, and the first on the right of the domain: only those from `from` to `to` are
   * written, as all rows of the domain lie in pixel columns `from` to `to - 1`.
   */
  readonly bounds: Float64Array;
  from = 0;
  to = 0;
  readonly #width: number;
  readonly #guesses: Float64Array;
  readonly #search = new Search();

  constructor(axis: AxisPlan) {
    this.#width = axisWidth(axis);
    this.bounds = new Float64Array(this.#width + 1);
    this.#guesses = new Float64Array(this.#width + 1);
  }

  /** Rows that were looked at. */
  get lookups(): number {
    return this.#search.lookups;
  }

  /** Looks for them in a run of `rows` rows, of which those before place `start` have no place on the axis. */
  find(reach: Reach, start: number, rows: number): void {
    const width = this.#width;
    const { bounds } = this;
    // The pixel column that begins last at or before the first row, and the one before which the last row ends.
    const first = start < rows ? this.#columnsReached(reach, start) : 0;
    const end = start < rows ? this.#columnsReached(reach, rows - 1) : 0;
    this.from = Math.max(0, first - 1);
    this.to = Math.min(width, end);
    bounds[this.from] = first === 0 ? this.#firstReaching(reach, 0, start, rows) : start;
    if (first === 0 && end === 0) {
      this.to = this.from;
      return;
    }
    this.#search.guess(reach, rows, this.from + 1, this.#guesses);
    let at = bounds[this.from]!;
    for (let c = this.from + 1; c < end; c++) {
      at = this.#search.firstReaching(reach, c, at, rows - 1, this.#guesses[c]!);
      bounds[c] = at;
    }
    if (end <= width) bounds[this.to] = rows;
  }

  /** How many of the pixel columns, and what is on the right of them, a row reaches. */
  #columnsReached(reach: Reach, i: number): number {
    let low = 0;
    let high = this.#width + 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (reach.reaches(i, middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #firstReaching(reach: Reach, c: number, start: number, rows: number): number {
    if (start >= rows || !reach.reaches(rows - 1, c)) return rows;
    return this.#search.firstReaching(reach, c, start, rows - 1, start);
  }
}
