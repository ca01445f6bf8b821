import type { FrameMetadata } from '../../../protocol/frame.js';
import { BLOCK_ROWS } from '../../columns.js';
import { rowOrder, takeColumn } from '../../declared/take.js';
import { baseOf, plainColumn, writeFrame } from '../../scan/frame.js';
import type { Mark, MarkedFrame } from '../../scan/mark.js';
import { sortRows, type SortColumn } from './sort.js';
import { openDigits, type Slice } from './slice.js';

export interface RowsPlan {
  kind: 'rows';
  /** Positions of the columns that are shown. */
  columns: number[];
  /** Which rows are gathered: those of these slices, which follow one another in the order; or these very rows. */
  from: { slices: Slice[] } | { rows: Uint32Array<ArrayBuffer> };
  sort: SortColumn[];
  /** Of the gathered rows in order, so many are left out, and then so many are shown. */
  skip: number;
  limit: number;
  /** Rows that match, where nothing is scanned to tell. */
  matched?: number;
}

/** A page of the matching rows in an order, every value in its declared type. */
export const rows: Mark<RowsPlan, Uint32Array<ArrayBuffer>, MarkedFrame> = {
  open({ from }, scope) {
    const slices = 'slices' in from ? from.slices : [];
    const tests = slices.map((slice) => ({ ...slice, digitsOf: openDigits(slice, scope) }));
    const digits = new Int32Array(BLOCK_ROWS);
    const found = new Uint8Array(BLOCK_ROWS);
    const gathered: number[] = [];
    return {
      add(block) {
        found.fill(0, 0, block.rows);
        for (const { digitsOf, from, to } of tests) {
          digitsOf(block, digits);
          for (let i = 0; i < block.rows; i++)
            if (digits[i]! >= from && digits[i]! <= to) found[i] = 1;
        }
        for (let i = 0; i < block.rows; i++) if (found[i] === 1) gathered.push(block.firstRow + i);
      },
      partial: () => Uint32Array.from(gathered),
    };
  },

  reads: ({ from }, partials) => ('rows' in from ? [from.rows] : partials),

  merge(plan, partials, { table, total, matched, frame, check }) {
    const { from, sort, skip, limit, columns } = plan;
    const gathered = 'rows' in from ? from.rows : joined(partials);
    const ordered = sort.length === 0 ? gathered : sortRows(table, gathered, sort, check);
    const page = ordered.slice(skip, skip + limit);
    const matching = plan.matched ?? matched;
    const metadata: FrameMetadata = {
      ...baseOf(frame),
      method: 'points',
      exact: true,
      rows: {
        total,
        matched: matching,
        drawn: page.length,
        outside: matching - page.length,
        dropped: 0,
      },
      marks: page.length,
    };
    const order = rowOrder(page, table);
    const values = columns.map((column) => {
      check();
      return takeColumn(table, column, order);
    });
    const field = { name: 'row', type: { type: 'int', bits: 32, signed: false } } as const;
    return writeFrame(metadata, page.length, [...values, plainColumn(field, page)]);
  },
};

function joined(partials: readonly Uint32Array[]): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(partials.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of partials) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
