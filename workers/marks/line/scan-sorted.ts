import { linearCell } from '../../../protocol/cells.js';
import type { TableView } from '../../columns.js';
import { axisWidth, type AxisPlan } from '../../scan/axis.js';
import type { Block } from '../../scan/block.js';
import type { Accumulator, Scope } from '../../scan/mark.js';
import { batchOf, bigintsOf, columnOf, numbersOf } from '../../scan/values.js';
import {
  addBeyond,
  addGap,
  createPixelColumns,
  NO_ROW,
  type PixelColumns,
} from './pixel-columns.js';
import type { LinePartial, LinePlan } from './plan.js';
import { openPoints } from './points.js';
import { runOf, type Run } from './run.js';

/**
 * The same as the scan of any order, where x is known to ascend: the rows of a pixel column are a run, of which
 * only the ends are looked up, and y alone is read in full. A row's number serves as its x.
 */
export function openSorted(plan: LinePlan, { table, arena }: Scope): Accumulator<LinePartial> {
  const places = arena.i32(2);
  const width = axisWidth(plan.x);
  const columns = plan.ys.map(() => createPixelColumns(width));
  const placesOf = openPlaces(plan.x, table);
  const points = openPoints(plan);
  const above = plan.logY ? 0 : -Infinity;
  let drawn = 0;
  let outside = 0;
  let dropped = 0;
  return {
    add(block) {
      const placeAt = placesOf(block);
      const ys = plan.ys.map((column) => block.f64(column));
      const mayGap = plan.ys.map((column) => plan.logY || hasGaps(table, column, block.batch));
      let from = 0;
      while (from < block.rows) {
        const place = placeAt(from);
        const to = endOfRun(placeAt, place, from, block.rows);
        const isInside = place >= 0 && place < width;
        const runs = ys.map((values, k) =>
          runOf(values, block, from, to, mayGap[k]!, above, places),
        );
        for (const [k, run] of runs.entries()) {
          const state = columns[k]!;
          if (isInside) addRun(state, place, block, run);
          else addRunBeyond(state, place === width, block, run);
        }
        const placed = placedRows(runs, ys, block.mask, from, to, above);
        if (isInside) {
          drawn += placed;
          points.addRun(block, from, to);
        } else outside += placed;
        dropped += runs[0]!.rows - placed;
        from = to;
      }
    },
    partial: () => ({ drawn, outside, dropped, columns, points: points.partial() }),
  };
}

// The rows of a run that have a place in at least one of the columns.
function placedRows(
  runs: readonly Run[],
  ys: readonly Float64Array[],
  mask: Uint8Array | null,
  from: number,
  to: number,
  above: number,
): number {
  for (const run of runs) if (run.points === run.rows) return run.rows;
  if (runs.length === 1) return runs[0]!.points;
  let placed = 0;
  for (let i = from; i < to; i++) {
    if (mask !== null && mask[i] === 0) continue;
    if (ys.some((values) => values[i]! > above && values[i]! < Infinity)) placed++;
  }
  return placed;
}

function addRun(state: PixelColumns, c: number, { firstRow }: Block, run: Run): void {
  if (run.points > 0) {
    const { leastAt, greatestAt, first, last } = run;
    if (run.least < state.leastY[c]!) {
      state.leastY[c] = run.least;
      state.least[c] = firstRow + leastAt;
    }
    if (run.greatest > state.greatestY[c]!) {
      state.greatestY[c] = run.greatest;
      state.greatest[c] = firstRow + greatestAt;
    }
    if (state.first[c] === NO_ROW) {
      state.first[c] = firstRow + first;
      state.firstX[c] = firstRow + first;
    }
    state.last[c] = firstRow + last;
    state.lastX[c] = firstRow + last;
  }
  if (run.firstGap >= 0) {
    addGap(state, c, firstRow + run.firstGap, firstRow + run.firstGap, null);
    addGap(state, c, firstRow + run.lastGap, firstRow + run.lastGap, null);
  }
}

function addRunBeyond(state: PixelColumns, isRight: boolean, { firstRow }: Block, run: Run): void {
  const point = firstRow + (isRight ? run.first : run.last);
  const gap = firstRow + (isRight ? run.firstGap : run.lastGap);
  if (run.points > 0) addBeyond(state, isRight, false, point, point, null);
  if (run.firstGap >= 0) addBeyond(state, isRight, true, gap, gap, null);
}

function hasGaps(table: TableView, column: number, batch: number): boolean {
  const { nulls, notFinite = 0, storage } = batchOf(table, column, batch);
  return nulls > 0 || notFinite > 0 || storage === 'null';
}

// The last row of the run is searched for, with its first guess the end of the block: pixel columns are wide.
function endOfRun(
  placeAt: (i: number) => number,
  place: number,
  from: number,
  rows: number,
): number {
  if (placeAt(rows - 1) === place) return rows;
  let low = from;
  let high = rows - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (placeAt(middle) === place) low = middle;
    else high = middle;
  }
  return high;
}

// The pixel column of row `i` of a block: -1 on the left of the domain, the width on the right of it.
function openPlaces(axis: AxisPlan, table: TableView): (block: Block) => (i: number) => number {
  const { column } = axis;
  const width = axisWidth(axis);
  if (axis.scale === 'log')
    throw new Error('What ascends on a log axis may begin without a place.');
  if (axis.scale === 'time') {
    return ({ batch, from }) => {
      const source = batchOf(table, column, batch);
      const values = bigintsOf(table, source) ?? numbersOf(table, source)!;
      return (i) => timePlace(BigInt(values[from + i]!), axis.edges);
    };
  }
  const { low, high } = axis;
  const { logical } = columnOf(table, column);
  const divisor = logical.kind === 'decimal' ? 10 ** logical.scale : 1;
  return (block) => {
    // Single values are read where they lie: the block's doubles would cost a pass over all of them.
    const stored = numbersOf(table, batchOf(table, column, block.batch));
    const values = stored ?? block.f64(column);
    const shift = stored === undefined ? 0 : block.from;
    const by = stored === undefined ? 1 : divisor;
    return (i) => {
      const value = values[shift + i]! / by;
      return value > high ? width : linearCell(value, low, high, width);
    };
  };
}

function timePlace(value: bigint, edges: BigInt64Array): number {
  const width = edges.length - 1;
  if (value < edges[0]!) return -1;
  if (value > edges[width]!) return width;
  let low = 0;
  let high = width - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (edges[middle]! <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
