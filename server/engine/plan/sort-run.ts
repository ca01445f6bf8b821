import type { FramePlan } from '../../../protocol/frame.js';
import type { Span } from '../../../workers/columns.js';
import type { FoundPage } from '../../../workers/sort/page.js';
import type { SortRef } from '../page.js';
import { found, Run, type RunOptions } from '../run.js';
import { quoted } from './sorted-line.js';

export interface SortRunOptions extends RunOptions {
  /** The column whose order is at hand. */
  by: SortRef;
  /** The parts of its sort index, one a batch. */
  parts: readonly Span[];
}

/** So many rows with the values at the ends of a page are put in order by further columns. */
const FEW_ROWS = 16_384;

/** The work of a page of rows whose order is kept: the rows are looked up. */
export class SortRun extends Run {
  readonly #by: SortRef;
  readonly #parts: readonly Span[];
  /** Rows that were looked at; undefined where the page was not found by the order. */
  #touched: number | undefined;
  #filtered = false;

  constructor({ by, parts, ...options }: SortRunOptions) {
    super(options);
    this.#by = by;
    this.#parts = parts;
  }

  /**
   * The rows among which the page is. Null where it has to be found by scans: rows that are filtered and sorted by several columns, or
   * too many of equal value.
   */
  async page(
    offset: number,
    limit: number,
    columns: number,
  ): Promise<(FoundPage & { matched: number }) | null> {
    const { table } = this;
    let bits: Uint8Array<ArrayBuffer>[] | undefined;
    let matched = table.rows;
    if (this.predicate !== null) {
      if (columns > 1) return null;
      ({ result: bits, matched } = await this.compute<'matching'>({ kind: 'matching' }));
      this.#filtered = true;
    }
    const { ref, descending } = this.#by;
    const task = {
      table,
      column: ref.position,
      descending,
      parts: this.#parts,
      offset,
      limit,
      ...(columns > 1 && { whole: { most: FEW_ROWS } }),
      ...(bits && { bits }),
      matched,
      ...this.cancel,
    };
    const transfer = bits?.map(({ buffer }) => buffer) ?? [];
    // The task has ended, also where it failed: only then may the columns' memory be used for others.
    const [outcome] = await Promise.allSettled([this.pool.run('pageBySort', task, { transfer })]);
    const page = found(outcome).found;
    if (page === null) return null;
    this.#touched = page.touched;
    return { ...page, matched };
  }

  override plan(): FramePlan {
    const scan = super.plan();
    if (this.#touched === undefined) return scan;
    const { ref } = this.#by;
    const order = `the order of ${quoted(ref.name)}`;
    // A place of the order, and a value.
    const bytes = this.#touched * 12;
    return this.#filtered
      ? {
          tier: 'sub-index',
          reason: `${order}; ${scan.reason} for the filters`,
          rowsTouched: scan.rowsTouched + this.#touched,
          bytesTouched: scan.bytesTouched + bytes,
        }
      : { tier: 'sub-index', reason: order, rowsTouched: this.#touched, bytesTouched: bytes };
  }
}
