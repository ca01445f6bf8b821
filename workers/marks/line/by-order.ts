import type { Span, TableView } from '../../columns.js';
import { OWN_ROOM, roomIn, type Room } from '../../kernels/room.js';
import { threadArena as arena } from '../../kernels/thread-arena.js';
import { orderedBatches, type RunsOf } from '../../order/each-run.js';
import { firstPositive } from '../../order/first-positive.js';
import type { Order } from '../../order/order.js';
import { RunRanges } from '../../order/run-ranges.js';
import { openKeyTest } from '../../order/select-runs.js';
import { clear, emptyRange, NOWHERE, type Range } from '../../pyramid/ranges.js';
import { axisWidth } from '../../scan/axis.js';
import { checkCancel, unlessWithdrawn, type CancelWord } from '../../scan/cancel.js';
import { doubleReader } from '../../scan/double-at.js';
import type { FrameBase, MarkedFrame } from '../../scan/mark.js';
import { keptSlots, type SlotsPlan } from '../../scan/slots.js';
import { openSource } from '../../scan/source.js';
import { batchOf, columnOf } from '../../scan/values.js';
import type { Touched } from './by-range.js';
import { columnStarts, type BatchRange } from './column-starts.js';
import { compareXOf } from './exact-x.js';
import { line } from './line.js';
import {
  addBeyond,
  createPixelColumns,
  NO_ROW,
  type CompareX,
  type PixelColumns,
} from './pixel-columns.js';
import type { LinePartial, LinePlan } from './plan.js';
import { mostRows } from './points.js';
import { openReach, type Reach } from './reach.js';
import { RunBounds } from './run-bounds.js';
import { isSorted, seriesCount } from './scan.js';

/**
 * A line of the rows of some categories, or over an x in any order: its pixel columns are looked up in the runs of an order
 * instead of scanned for. Of several columns of y one has a place in every row.
 */
export interface LineByOrderTask extends RunsOf {
  plan: LinePlan;
  /** The batches to be looked at; all are in memory. */
  batches: BatchRange;
  /** By column of `plan.ys` and batch the pyramids in the orders. */
  pyramids: readonly (readonly (Span | undefined)[])[];
  /** Absent where there are other parts; else this one goes on to the frame. */
  frame?: FrameBase;
  cancel?: CancelWord;
}

export type LineByOrder =
  | {
      withdrawn: false;
      matched: number;
      touched: Touched;
      partial?: LinePartial;
      result?: MarkedFrame;
    }
  | { withdrawn: true };

/** Makes what a scan of these batches makes: a partial, or the frame. */
export function lineByOrder(task: LineByOrderTask): LineByOrder {
  return unlessWithdrawn(() => {
    const { table, plan, frame, cancel } = task;
    const check = (): void => checkCancel(cancel);
    arena.reset();
    // A partial is moved to the task that goes on with it.
    const room = frame === undefined ? OWN_ROOM : roomIn(arena);
    const { partial, matched, touched } = partialByOrder(task, check, room);
    if (frame === undefined) return { withdrawn: false, matched, touched, partial };
    const scope = { table, total: table.rows, matched, frame, check, room };
    return { withdrawn: false, matched, touched, result: line.merge(plan, [partial], scope) };
  });
}

/** The rows that match, and what a scan would hand to the merge. */
export function partialByOrder(
  { table, plan, predicate, batches, orders, pyramids }: LineByOrderTask,
  check: () => void,
  room: Room = OWN_ROOM,
): { partial: LinePartial; matched: number; touched: Touched } {
  const lines = new Lines(plan, table, pyramids, room);
  const passes = openKeyTest(predicate, table, check);
  const slotOf = openSlotOf(plan);
  const reachOf = plan.ascending ? openReachByRow(plan, table, batches) : openReachByX(plan, table);
  let matched = 0;
  for (const { batch, firstRow, order } of orderedBatches({ table, orders }, batches)) {
    const reachOfRun = reachOf(batch, firstRow, order);
    lines.openBatch(batch, firstRow, order);
    for (const [run, key] of order.keys.entries()) {
      if (!passes(key)) continue;
      check();
      matched += order.starts[run + 1]! - order.starts[run]!;
      lines.addRun(run, slotOf(key), reachOfRun(order.starts[run]!));
    }
  }
  return { ...lines.result(matched), matched };
}

/** The series of the rows of a run, by its key. */
function openSlotOf({ series }: LinePlan): (key: number) => number {
  if (series?.kind !== 'category') return () => 0;
  const slots = slotsByKey(series.slots);
  const ofNull = keptSlots(series.slots);
  return (key) => (Number.isNaN(key) ? ofNull : (slots.get(key) ?? ofNull + 1));
}

function slotsByKey({ keys }: SlotsPlan): Map<number, number> {
  if (keys.form !== 'codes' && keys.form !== 'raw')
    throw new Error(`Runs are not known by "${keys.form}".`);
  const values = keys.form === 'codes' ? keys.codes : keys.values;
  return new Map([...values].map((value, slot) => [value, slot]));
}

/** Looks at the rows of a run by their places in it. */
type ReachOf = (batch: number, firstRow: number, order: Order) => (start: number) => Reach;

/** Where the rows of the table ascend with x, a row stands where its number says: x is not looked at. */
function openReachByRow({ x }: LinePlan, table: TableView, batches: BatchRange): ReachOf {
  const { starts } = columnStarts(x, table, batches);
  const reachOfX = openReach(x, table);
  return (batch, firstRow, { positions, rows }) => {
    const byX = reachOfX(batch);
    const low = rows === 0 ? 0 : byX.about(0);
    const each = rows === 0 ? 0 : (byX.about(rows - 1) - low) / rows;
    return (start) => ({
      reaches: (i, c) => firstRow + positions[start + i]! >= starts[c]!,
      about: (i) => low + positions[start + i]! * each,
    });
  };
}

function openReachByX({ x }: LinePlan, table: TableView): ReachOf {
  const reachOfX = openReach(x, table);
  return (batch, _firstRow, { positions }) => {
    const byX = reachOfX(batch);
    return (start) => ({
      reaches: (i, c) => byX.reaches(positions[start + i]!, c),
      about: (i) => byX.about(positions[start + i]!),
    });
  };
}

/** Slots of series that a number can tell beside a row. */
const SLOTS = 2 ** 16;

/** The lines of all series, run by run. */
class Lines {
  readonly #plan: LinePlan;
  readonly #table: TableView;
  readonly #width: number;
  readonly #room: Room;
  readonly #columns: LinePartial['columns'];
  readonly #ranges: RunRanges[];
  readonly #runBounds: RunBounds;
  readonly #compare: CompareX;
  readonly #most: number;
  /** Rows of the domain, each with its slot in the lowest 16 bits. */
  readonly #points: number[] = [];
  #inDomain = 0;
  #drawn = 0;
  #outside = 0;
  #batch = 0;
  #firstRow = 0;
  #order!: Order;
  /** The x of a row of the batch: any number that ascends with x, the same in all tasks. */
  #xOf!: (row: number) => number;

  constructor(
    plan: LinePlan,
    table: TableView,
    pyramids: readonly (readonly (Span | undefined)[])[],
    room: Room,
  ) {
    this.#plan = plan;
    this.#room = room;
    this.#table = table;
    this.#width = axisWidth(plan.x);
    this.#columns = Array.from({ length: seriesCount(plan) });
    this.#ranges = plan.ys.map(
      (column, k) => new RunRanges({ table, column, pyramids: pyramids[k]! }),
    );
    this.#runBounds = new RunBounds(plan.x);
    this.#compare = plan.ascending ? null : compareXOf(plan, table);
    this.#most = mostRows(plan);
  }

  openBatch(batch: number, firstRow: number, order: Order): void {
    this.#batch = batch;
    this.#firstRow = firstRow;
    this.#order = order;
    this.#xOf = this.#plan.ascending
      ? (row) => row
      : openX(this.#plan, this.#table, batch, firstRow);
  }

  addRun(run: number, slot: number, reach: Reach): void {
    const { ys, x } = this.#plan;
    const order = this.#order;
    const rows = order.placed[run]!;
    const start =
      x.scale === 'log' ? firstPositive(this.#table, x.column, this.#batch, order, run) : 0;
    if (start === rows) return;
    const found = this.#runBounds;
    found.find(reach, start, rows);
    const from = found.bounds[found.from]!;
    const to = found.bounds[found.to]!;
    for (const [k, ranges] of this.#ranges.entries()) {
      ranges.open(this.#batch, this.#firstRow, order, run);
      const state = (this.#columns[ys.length > 1 ? k : slot] ??= createPixelColumns(
        this.#width,
        this.#room,
      ));
      const points = this.#addColumns(state, ranges);
      this.#addNeighbours(state, ranges, run, start, from, to, rows);
      if (ys.length === 1) {
        this.#drawn += points;
        this.#outside += ranges.points - this.#pointsBefore(ranges, start) - points;
      }
    }
    if (ys.length > 1) {
      // One of the columns has a y in every row.
      this.#drawn += to - from;
      this.#outside += rows - start - (to - from);
    }
    this.#keepPoints(run, slot, from, to);
  }

  result(matched: number): { partial: LinePartial; touched: Touched } {
    const touched = { rows: 0, bytes: 0 };
    for (const ranges of this.#ranges) {
      touched.rows += ranges.touched.rows;
      touched.bytes += ranges.touched.bytes;
    }
    // A look is at a position, and at an x where rows do not ascend with it.
    touched.bytes += this.#runBounds.lookups * (this.#plan.ascending ? 4 : 12);
    const drawn = this.#drawn;
    const outside = this.#outside;
    const columns = this.#columns;
    // Of several columns each is there, whether or not it has rows, as in the scan of an x that ascends.
    if (isSorted(this.#plan)) {
      for (let k = 0; k < columns.length; k++)
        columns[k] ??= createPixelColumns(this.#width, this.#room);
    }
    return {
      partial: {
        drawn,
        outside,
        dropped: matched - drawn - outside,
        columns,
        points: this.#allPoints(),
      },
      touched,
    };
  }

  /** Summarizes the rows of every pixel column; gives how many of them have a place. */
  #addColumns(state: PixelColumns, ranges: RunRanges): number {
    const { bounds, from, to } = this.#runBounds;
    ranges.warmUp(bounds, from, to);
    let points = 0;
    const range = emptyRange();
    for (let c = from; c < to; c++) {
      if (bounds[c] === bounds[c + 1]) continue;
      clear(range);
      ranges.add(range, bounds[c]!, bounds[c + 1]!);
      this.#take(state, c, range);
      points += range.points;
    }
    return points;
  }

  /** Takes in the rows of a run that stand in a pixel column; runs come in any order, those of a batch too. */
  #take(state: PixelColumns, c: number, range: Range): void {
    if (range.points > 0) {
      this.#takeFirst(state.first, state.firstX, c, range.first);
      this.#takeLast(state.last, state.lastX, c, range.last);
      if (
        range.least < state.leastY[c]! ||
        (range.least === state.leastY[c] && range.leastAt < state.least[c]!)
      ) {
        state.leastY[c] = range.least;
        state.least[c] = range.leastAt;
      }
      if (
        range.greatest > state.greatestY[c]! ||
        (range.greatest === state.greatestY[c] && range.greatestAt < state.greatest[c]!)
      ) {
        state.greatestY[c] = range.greatest;
        state.greatest[c] = range.greatestAt;
      }
    }
    if (range.firstGap === NOWHERE) return;
    this.#takeFirst(state.firstGap, state.firstGapX, c, range.firstGap);
    this.#takeLast(state.lastGap, state.lastGapX, c, range.lastGap);
  }

  #takeFirst(rows: Uint32Array, xs: Float64Array, c: number, row: number): void {
    const x = this.#xOf(row);
    if (x < xs[c]! || (x === xs[c] && this.#isBefore(row, rows[c]!))) {
      xs[c] = x;
      rows[c] = row;
    }
  }

  #takeLast(rows: Uint32Array, xs: Float64Array, c: number, row: number): void {
    const x = this.#xOf(row);
    if (x > xs[c]! || (x === xs[c] && this.#isBefore(rows[c]!, row))) {
      xs[c] = x;
      rows[c] = row;
    }
  }

  /** Whether of two rows whose x are one double, `a` comes before `b`. */
  #isBefore(a: number, b: number): boolean {
    const order = this.#compare === null ? 0 : this.#compare(a, b);
    return order === 0 ? a < b : order < 0;
  }

  /**
   * The rows of a run beyond the domain: on each side the nearest with a place, and the row next to the domain where that has none.
   */
  #addNeighbours(
    state: PixelColumns,
    ranges: RunRanges,
    run: number,
    start: number,
    from: number,
    to: number,
    rows: number,
  ): void {
    const base = this.#order.starts[run]!;
    const rowAt = (place: number): number => this.#firstRow + this.#order.positions[base + place]!;
    if (from > start) {
      this.#takeBeyond(state, false, false, ranges.lastPoint(start, from));
      if (!ranges.isPoint(from - 1)) this.#takeBeyond(state, false, true, rowAt(from - 1));
    }
    if (to < rows) {
      this.#takeBeyond(state, true, false, ranges.firstPoint(to));
      if (!ranges.isPoint(to)) this.#takeBeyond(state, true, true, rowAt(to));
    }
  }

  #takeBeyond(state: PixelColumns, isRight: boolean, isGap: boolean, row: number): void {
    if (row === NOWHERE) return;
    const k = (isRight ? 1 : 0) + (isGap ? 2 : 0);
    const x = this.#xOf(row);
    // Runs of one batch come in any order: of equal x the row decides.
    if (x === state.beyondX[k] && state.beyond[k] !== NO_ROW) {
      const isNearer = isRight
        ? this.#isBefore(row, state.beyond[k]!)
        : this.#isBefore(state.beyond[k]!, row);
      if (isNearer) state.beyond[k] = row;
    } else addBeyond(state, isRight, isGap, row, x, null);
  }

  #pointsBefore(ranges: RunRanges, place: number): number {
    const range = emptyRange();
    ranges.add(range, 0, place);
    return range.points;
  }

  #keepPoints(run: number, slot: number, from: number, to: number): void {
    this.#inDomain += to - from;
    if (this.#inDomain > this.#most) return;
    const base = this.#order.starts[run]!;
    for (let place = from; place < to; place++) {
      const row = this.#firstRow + this.#order.positions[base + place]!;
      this.#points.push(row * SLOTS + slot);
    }
  }

  #allPoints(): LinePartial['points'] {
    if (this.#inDomain > this.#most) return null;
    const points = Float64Array.from(this.#points).sort();
    const hasSlots = this.#plan.series?.kind === 'category';
    return {
      rows: Uint32Array.from(points, (point) => Math.floor(point / SLOTS)),
      slots: hasSlots ? Uint16Array.from(points, (point) => point % SLOTS) : null,
    };
  }
}

/** The x of rows of a batch as the keys of a scan are: doubles, and of 64-bit times the way from the low end of the domain. */
function openX(
  { x, xForm }: LinePlan,
  table: TableView,
  batch: number,
  firstRow: number,
): (row: number) => number {
  const source = openSource(table, batchOf(table, x.column, batch));
  const { logical } = columnOf(table, x.column);
  if (xForm !== 'i64') {
    const read = doubleReader(source, logical.kind === 'decimal' ? logical.scale : 0);
    return (row) => read(row - firstRow);
  }
  if (x.scale !== 'time') throw new Error('Only times are compared as 64-bit integers.');
  const low = x.edges[0]!;
  const { numbers, bigints } = source;
  return (row) => Number((bigints?.[row - firstRow] ?? BigInt(numbers![row - firstRow]!)) - low);
}
