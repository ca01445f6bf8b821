import type { Span, TableView } from '../columns.js';
import { checkCancel, unlessWithdrawn, type CancelWord } from '../scan/cancel.js';
import { SortedRows, type Cut, type Places } from './cut.js';
import { openSorted } from './sorted-batch.js';

/** Asks which rows stand on a page of the order of one column. */
export interface PageBySortTask {
  table: TableView;
  /** Position of the column in the table. */
  column: number;
  descending: boolean;
  /** The parts of its sort index, one a batch. */
  parts: readonly Span[];
  offset: number;
  limit: number;
  /** Rows of equal values are wanted together, as other columns put them in order: at most so many more than `limit`. */
  whole?: { most: number };
  /** By batch a bit a row: those that count. Absent where all do. */
  bits?: readonly Uint8Array[];
  /** Rows that count. */
  matched: number;
  cancel?: CancelWord;
}

/** Rows in ascending order of their numbers, among which the page is; so many of them, in the column's order, come before it. */
export interface FoundPage {
  rows: Uint32Array<ArrayBuffer>;
  skip: number;
  /** Rows whose value or bit was looked at. */
  touched: number;
}

/** `found` is null where more rows than asked for have the values at the ends of the page. */
export type PageBySort = { withdrawn: false; found: FoundPage | null } | { withdrawn: true };

/** Rows of the order that are tested at a time, where the page is far off; and about where it is near. */
const STRIDE = 2 ** 18;
const FINE_STRIDE = 2 ** 11;
/** A stride is divided into so many. */
const FINER = 8;

export function pageBySort(task: PageBySortTask): PageBySort {
  return unlessWithdrawn(() => {
    const { table, column, descending, parts, bits, whole } = task;
    const sorted = new SortedRows(openSorted(table, column, parts), descending);
    const found =
      bits !== undefined
        ? filteredPage(sorted, task, bits)
        : whole === undefined
          ? plainPage(sorted, task)
          : pageOfGroups(sorted, task, whole.most);
    if (found === null) return { withdrawn: false, found };
    const { touched, ...page } = found;
    return { withdrawn: false, found: { ...page, touched: touched + sorted.looks } };
  });
}

function plainPage(sorted: SortedRows, { offset, limit }: PageBySortTask): FoundPage {
  const from = Math.min(offset, sorted.rows);
  const to = Math.min(offset + limit, sorted.rows);
  const rows = rowsAt(sorted, sorted.between(sorted.cut(from), sorted.cut(to)));
  return { rows, skip: 0, touched: rows.length };
}

/** The page with all rows that share the values at its ends; null where those are too many. */
function pageOfGroups(
  sorted: SortedRows,
  { offset, limit }: PageBySortTask,
  most: number,
): FoundPage | null {
  const end = Math.min(offset + limit, sorted.rows);
  if (offset >= end) return { rows: new Uint32Array(0), skip: 0, touched: 0 };
  const first = sorted.cut(offset);
  const { before } = sorted.group(first, offset);
  const last = sorted.cut(end - 1);
  const group = sorted.group(last, end - 1);
  const from = offset - before;
  const to = end - 1 - group.before + group.size;
  if (to - from > limit + most) return null;
  const rows = rowsAt(sorted, sorted.between(sorted.cut(from), sorted.cut(to)));
  return { rows, skip: before, touched: rows.length };
}

/** Walks the order from its nearer end, and counts the rows whose bit is set. */
function filteredPage(
  sorted: SortedRows,
  { offset, limit, matched, cancel }: PageBySortTask,
  bits: readonly Uint8Array[],
): FoundPage {
  const end = Math.min(offset + limit, matched);
  if (offset >= end) return { rows: new Uint32Array(0), skip: 0, touched: 0 };
  let touched = 0;
  const cuts = new Map<number, Cut>();
  const cutAt = (rank: number): Cut => {
    let cut = cuts.get(rank);
    if (cut === undefined) cuts.set(rank, (cut = sorted.cut(rank)));
    return cut;
  };
  const count = (from: number, to: number): number => {
    checkCancel(cancel);
    touched += to - from;
    return countSet(sorted, sorted.between(cutAt(from), cutAt(to)), bits);
  };
  // `before` of the rows that count come before the rank `rank`; never more than `offset`.
  let rank = 0;
  let before = 0;
  let stride = STRIDE;
  if (offset < matched / 2) {
    // About so many rows of the order hold the page, were the rows that count spread evenly.
    const likely = Math.ceil(((offset + limit) / matched) * sorted.rows * 1.1);
    while (stride > FINE_STRIDE && stride / FINER > likely) stride /= FINER;
  } else {
    rank = sorted.rows;
    before = matched;
    while (before > offset) {
      const from = Math.max(0, rank - stride);
      before -= count(from, rank);
      rank = from;
    }
  }
  for (;;) {
    const to = Math.min(sorted.rows, rank + stride);
    const own = count(rank, to);
    if (before + own <= offset) {
      before += own;
      rank = to;
    } else if (stride > FINE_STRIDE) stride /= FINER;
    else break;
  }
  // A rank from which on all rows that count are taken, until the page is full.
  const pieces: Uint32Array[] = [];
  let got = before;
  for (let from = rank; got < end;) {
    checkCancel(cancel);
    const to = Math.min(sorted.rows, from + stride);
    const piece = setRows(sorted, sorted.between(cutAt(from), cutAt(to)), bits);
    touched += to - from;
    got += piece.length;
    pieces.push(piece);
    from = to;
    if (stride < STRIDE) stride *= 2;
  }
  const rows = new Uint32Array(got - before);
  let at = 0;
  for (const piece of pieces) {
    rows.set(piece, at);
    at += piece.length;
  }
  return { rows: rows.sort(), skip: offset - before, touched };
}

function rowsAt({ batches }: SortedRows, places: readonly Places[]): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(places.reduce((sum, { from, to }) => sum + to - from, 0));
  let at = 0;
  for (const { batch, from, to } of places) {
    const { order, firstRow } = batches[batch]!;
    for (let place = from; place < to; place++) rows[at++] = firstRow + order[place]!;
  }
  return rows.sort();
}

function countSet(
  { batches }: SortedRows,
  places: readonly Places[],
  bits: readonly Uint8Array[],
): number {
  let count = 0;
  for (const { batch, from, to } of places) {
    const { order } = batches[batch]!;
    const own = bits[batch]!;
    for (let place = from; place < to; place++) {
      const row = order[place]!;
      count += (own[row >>> 3]! >>> (row & 7)) & 1;
    }
  }
  return count;
}

function setRows(
  { batches }: SortedRows,
  places: readonly Places[],
  bits: readonly Uint8Array[],
): Uint32Array {
  const rows = new Uint32Array(countSet({ batches } as SortedRows, places, bits));
  let at = 0;
  for (const { batch, from, to } of places) {
    const { order, firstRow } = batches[batch]!;
    const own = bits[batch]!;
    for (let place = from; place < to; place++) {
      const row = order[place]!;
      if (((own[row >>> 3]! >>> (row & 7)) & 1) === 1) rows[at++] = firstRow + row;
    }
  }
  return rows;
}
