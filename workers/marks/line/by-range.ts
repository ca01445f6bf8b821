import type { Span, TableView } from '../../columns.js';
import { kernelsFor } from '../../kernels/load.js';
import { OWN_ROOM, roomIn, type Room } from '../../kernels/room.js';
import { threadArena as arena } from '../../kernels/thread-arena.js';
import { clear, emptyRange, NOWHERE, Ranges, type Range } from '../../pyramid/ranges.js';
import { axisWidth } from '../../scan/axis.js';
import { checkCancel, unlessWithdrawn, type CancelWord } from '../../scan/cancel.js';
import { doubleReader } from '../../scan/double-at.js';
import type { FrameBase, MarkedFrame } from '../../scan/mark.js';
import { openSource } from '../../scan/source.js';
import { batchOf, columnOf } from '../../scan/values.js';
import type { Extent, ExtentAxis } from '../extent.js';
import { columnStarts, type BatchRange, type ColumnRange } from './column-starts.js';
import { line } from './line.js';
import { lttbByRange } from './lttb-by-range.js';
import { createPixelColumns, endsOf, extremeRows, type PixelColumns } from './pixel-columns.js';
import type { LinePartial, LinePlan } from './plan.js';
import { mostRows } from './points.js';
import { readSeries } from './vertices.js';

/**
 * A line over an x that ascends, is never null and finite, of all rows: its pixel columns are looked up instead of
 * scanned for.
 */
export interface LineByRangeTask {
  table: TableView;
  plan: LinePlan;
  /** The batches in memory: they hold the domain, and on each side a row with a y where there is one. */
  batches: BatchRange;
  /** By column of `plan.ys` the pyramids of the batches; null where y is read row by row. */
  pyramids: readonly (readonly (Span | undefined)[])[] | null;
  /** Rows of the snapshot that have a place in one of the columns; all of them where there are several. */
  placed: number;
  frame: FrameBase;
  cancel?: CancelWord;
}

export type LineByRange =
  { withdrawn: false; result: MarkedFrame; touched: Touched } | { withdrawn: true };

/** Some pixel columns of the line of such a task, whose method is `minmaxlttb`. */
export interface ExtremesByRangeTask extends Omit<LineByRangeTask, 'frame' | 'placed'> {
  columns: ColumnRange;
}

export type ExtremesByRange =
  { withdrawn: false; partial: LinePartial; touched: Touched } | { withdrawn: true };

/** Finds the extremes of pixel columns, and reads them: for `merge`, with those of the columns beside them. */
export function extremesByRange(task: ExtremesByRangeTask): ExtremesByRange {
  return unlessWithdrawn(() => {
    const { table, plan, columns, cancel } = task;
    const check = (): void => checkCancel(cancel);
    arena.reset();
    const { partial, touched } = someColumns(task, columns, check, OWN_ROOM);
    const states = partial.columns as PixelColumns[];
    const extremes = states.map((state, s) =>
      readSeries(plan, table, s, extremeRows(state), check),
    );
    for (const { rows } of extremes) touched.bytes += rows.length * 8;
    const ends = states.map(endsOf);
    return { withdrawn: false, partial: { ...partial, columns: ends, extremes }, touched };
  });
}

/** Rows and bytes that were read. */
export interface Touched {
  rows: number;
  bytes: number;
}

/** Makes the frame that a scan of all rows makes, from some of them. */
export function lineByRange(task: LineByRangeTask): LineByRange {
  return unlessWithdrawn(() => {
    const { table, plan, placed, frame, cancel } = task;
    const check = (): void => checkCancel(cancel);
    arena.reset();
    const { partial, touched } = partialByRange(task, check);
    const total = table.rows;
    const rows = { drawn: partial.drawn, outside: placed - partial.drawn, dropped: total - placed };
    const result = line.merge(plan, [{ ...partial, ...rows }], {
      table,
      total,
      matched: total,
      frame,
      check,
      room: roomIn(arena),
    });
    // The rows that are sent are read once more.
    const { marks } = result.metadata;
    touched.rows += marks;
    touched.bytes += marks * 16;
    return { withdrawn: false, result, touched };
  });
}

/** Asks where the rows begin and end that have a place in a column, over an x as of a `LineByRangeTask`. */
export interface EndsByRangeTask {
  table: TableView;
  x: ExtentAxis;
  /** The column of y; all batches are in memory. */
  y: number;
  pyramids: readonly (Span | undefined)[] | null;
}

/** Finds the extent that a scan of all rows finds. */
export function endsByRange({ table, x, y, pyramids }: EndsByRangeTask): Extent {
  arena.reset();
  const ranges = new Ranges({ table, column: y, pyramids, arena, kernels: kernelsFor(arena) });
  const { batchRows } = table;
  const starts = startsOf(table);
  let first = NOWHERE;
  for (let batch = 0; batch < batchRows.length && first === NOWHERE; batch++) {
    first = ranges.firstPoint(batch, 0);
  }
  if (first === NOWHERE) return { placeable: 0, ends: [undefined] };
  let last = NOWHERE;
  for (let batch = batchRows.length - 1; last === NOWHERE; batch--) {
    last = ranges.lastPoint(batch, batchRows[batch]!);
  }
  const [low, high] = [first, last].map((row) => {
    const batch = starts.findLastIndex((start) => start <= row);
    const source = openSource(table, batchOf(table, x.column, batch));
    const i = row - starts[batch]!;
    if (x.form === 'i64') return source.bigints?.[i] ?? BigInt(source.numbers![i]!);
    const { logical } = columnOf(table, x.column);
    return doubleReader(source, logical.kind === 'decimal' ? logical.scale : 0)(i);
  });
  return { placeable: 1, ends: [[low, high] as [number, number]] };
}

/** The first row of each batch. */
function startsOf({ batchRows }: TableView): number[] {
  let start = 0;
  return batchRows.map((rows) => (start += rows) - rows);
}

/** What a scan would hand to the merge, but for `outside` and `dropped`. */
function partialByRange(
  task: Omit<LineByRangeTask, 'frame' | 'placed'>,
  check: () => void,
): { partial: LinePartial; touched: Touched } {
  const thinned = task.plan.method === 'lttb' ? thinnedByRange(task, check) : null;
  return (
    thinned ?? someColumns(task, { from: 0, to: axisWidth(task.plan.x) }, check, roomIn(arena))
  );
}

/** What `lttb` chooses of each series, without a look at pixel columns; null where its buckets are too large to be held. */
function thinnedByRange(
  { table, plan, batches }: Omit<LineByRangeTask, 'frame' | 'placed'>,
  check: () => void,
): { partial: LinePartial; touched: Touched } | null {
  const { starts, lookups } = columnStarts(oneCell(plan.x), table, batches);
  const [from, to] = starts as unknown as [number, number];
  const kernels = kernelsFor(arena);
  const budget = Math.max(2, Math.floor(plan.budget / plan.ys.length));
  const touched = { rows: lookups, bytes: 0 };
  const chosen: LinePartial['chosen'] = [];
  let drawn = to - from;
  for (const y of plan.ys) {
    arena.reset();
    const ranges = new Ranges({ table, column: y, pyramids: null, arena, kernels });
    const [left, right] = nearest(from, to, ranges, table, batches);
    const lttb = lttbByRange({
      table,
      x: plan.x.column,
      y,
      offset: plan.offset,
      from: left === NOWHERE ? from : left,
      to: right === NOWHERE ? to : right + 1,
      arena,
      kernels,
      budget,
      check,
    });
    if (lttb === null) return null;
    const { rows } = lttb;
    // Of a gap on the left of the domain the row next to it is sent.
    if (left !== NOWHERE && left < from - 1 && rows.length > 1) rows[1] = from - 1;
    chosen.push(rows);
    // Of several columns one has a y in every row.
    if (plan.ys.length === 1) {
      drawn = lttb.points - (left === NOWHERE ? 0 : 1) - (right === NOWHERE ? 0 : 1);
    }
    touched.rows += ranges.touched.rows + to - from;
    touched.bytes += ranges.touched.bytes + lttb.bytes;
  }
  const partial = { drawn, outside: 0, dropped: 0, columns: [], points: null, chosen };
  return { partial, touched };
}

/** The same domain as one pixel column. */
function oneCell(axis: LinePlan['x']): LinePlan['x'] {
  if (axis.scale === 'time')
    return { ...axis, edges: BigInt64Array.of(axis.edges[0]!, axis.edges.at(-1)!) };
  if (axis.scale === 'edges') throw new Error('Rows are not looked up among bins.');
  return { ...axis, width: 1 };
}

function someColumns(
  { table, plan, batches, pyramids }: Omit<LineByRangeTask, 'frame' | 'placed'>,
  within: ColumnRange,
  check: () => void,
  room: Room,
): { partial: LinePartial; touched: Touched } {
  const width = within.to - within.from;
  const { starts, lookups } = columnStarts(plan.x, table, batches, within);
  const xBytes = table.columns[plan.x.column]!.batches[batches.first]?.data?.length ?? 0;
  const touched = {
    rows: lookups,
    bytes: (lookups * xBytes) / Math.max(1, table.batchRows[batches.first] ?? 0),
  };
  const from = starts[0]!;
  const to = starts[width]!;
  let points = 0;
  const columns = plan.ys.map((column, k) => {
    const ranges = new Ranges({
      table,
      column,
      pyramids: pyramids?.[k] ?? null,
      arena,
      kernels: kernelsFor(arena),
    });
    const state = createPixelColumns(width, room);
    points = addColumns(state, starts, ranges, table, batches, check);
    const sides = { left: within.from === 0, right: within.to === axisWidth(plan.x) };
    addNeighbours(state, sides, from, to, ranges, table, batches);
    touched.rows += ranges.touched.rows;
    touched.bytes += ranges.touched.bytes;
    return state;
  });
  const isAll = to - from <= mostRows(plan);
  return {
    partial: {
      // Of several columns one has a y in every row.
      drawn: plan.ys.length === 1 ? points : to - from,
      outside: 0,
      dropped: 0,
      columns,
      points: isAll ? { rows: rowsFrom(from, to), slots: null } : null,
    },
    touched,
  };
}

function rowsFrom(from: number, to: number): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(to - from);
  for (let i = 0; i < rows.length; i++) rows[i] = from + i;
  return rows;
}

/** Summarizes the rows of every pixel column; gives how many of them have a place. */
function addColumns(
  state: PixelColumns,
  starts: Float64Array,
  ranges: Ranges,
  { batchRows }: TableView,
  { first, last }: BatchRange,
  check: () => void,
): number {
  for (let batch = first, c = 0; batch <= last; batch++) c = ranges.warmUp(batch, starts, c);
  const range = emptyRange();
  let points = 0;
  let batch = first;
  let firstRow = 0;
  for (let before = 0; before < first; before++) firstRow += batchRows[before]!;
  for (let c = 0; c + 1 < starts.length; c++) {
    let from = starts[c]!;
    const to = starts[c + 1]!;
    if (from === to) continue;
    clear(range);
    while (from < to) {
      check();
      while (from >= firstRow + batchRows[batch]!) firstRow += batchRows[batch++]!;
      const end = Math.min(to, firstRow + batchRows[batch]!);
      ranges.add(range, batch, from - firstRow, end - firstRow);
      from = end;
    }
    take(state, c, range);
    points += range.points;
  }
  return points;
}

function take(state: PixelColumns, c: number, range: Range): void {
  if (range.points > 0) {
    // A row's number serves as its x.
    state.first[c] = state.firstX[c] = range.first;
    state.last[c] = state.lastX[c] = range.last;
    state.least[c] = range.leastAt;
    state.leastY[c] = range.least;
    state.greatest[c] = range.greatestAt;
    state.greatestY[c] = range.greatest;
  }
  if (range.firstGap === NOWHERE) return;
  state.firstGap[c] = state.firstGapX[c] = range.firstGap;
  state.lastGap[c] = state.lastGapX[c] = range.lastGap;
}

/**
 * The rows beyond the domain, on `sides` of it: on each side the nearest with a place, and the row next to the domain where that has none.
 * A gap that is farther than the nearest point is never drawn.
 */
function addNeighbours(
  { beyond, beyondX }: PixelColumns,
  sides: { left: boolean; right: boolean },
  from: number,
  to: number,
  ranges: Ranges,
  table: TableView,
  batches: BatchRange,
): void {
  const keep = (k: number, row: number): void => {
    beyond[k] = beyondX[k] = row;
  };
  const [left, right] = nearest(from, to, ranges, table, batches);
  if (sides.left && left !== NOWHERE) keep(0, left);
  if (sides.right && right !== NOWHERE) keep(1, right);
  if (sides.left && from > 0 && left !== from - 1) keep(2, from - 1);
  if (sides.right && to < table.rows && right !== to) keep(3, to);
}

/** The nearest rows with a place on both sides of the domain. */
function nearest(
  from: number,
  to: number,
  ranges: Ranges,
  table: TableView,
  { first, last }: BatchRange,
): [left: number, right: number] {
  const { batchRows } = table;
  const starts = startsOf(table);
  let left = NOWHERE;
  for (let batch = last; batch >= first && left === NOWHERE; batch--) {
    const end = Math.min(batchRows[batch]!, from - starts[batch]!);
    if (end > 0) left = ranges.lastPoint(batch, end);
  }
  let right = NOWHERE;
  for (let batch = first; batch <= last && right === NOWHERE; batch++) {
    const start = Math.max(0, to - starts[batch]!);
    if (start < batchRows[batch]!) right = ranges.firstPoint(batch, start);
  }
  return [left, right];
}
