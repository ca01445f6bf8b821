import { BLOCK_ROWS } from '../../columns.js';
import { DROPPED } from '../../kernels/kernels.js';
import { axisWidth, openAxis, type AxisPlan } from '../../scan/axis.js';
import type { Block } from '../../scan/block.js';
import type { Accumulator, Scope } from '../../scan/mark.js';
import { keptSlots, openSlots } from '../../scan/slots.js';
import { openSorted } from './scan-sorted.js';
import { compareXOf } from './exact-x.js';
import {
  addBeyond,
  addGap,
  addPoint,
  createPixelColumns,
  type PixelColumns,
} from './pixel-columns.js';
import type { LinePartial, LinePlan } from './plan.js';
import { openPoints } from './points.js';

/** Keeps of every series and pixel column the rows that m4 asks for, and all rows while they fit the budget. */
export function openLine(plan: LinePlan, scope: Scope): Accumulator<LinePartial> {
  const { series, xForm } = plan;
  if (isSorted(plan)) return openSorted(plan, scope);
  const width = axisWidth(plan.x);
  const cellsOf = openAxis(plan.x, scope);
  const keysOf = openKeys(plan);
  const { low, high } = endsOf(plan.x, xForm);
  // Far from overflow, and far from both ends: what is beyond them is on one side of it.
  const middle = low / 2 + high / 2;
  const compare = compareXOf(plan, scope.table);
  const slotsOf = series?.kind === 'category' ? openSlots(series.slots, scope) : null;
  const columns: LinePartial['columns'] = Array.from({ length: seriesCount(plan) });
  const columnsOf = (s: number): PixelColumns => (columns[s] ??= createPixelColumns(width));
  const points = openPoints(plan);
  const above = plan.logY ? 0 : -Infinity;
  const placed = new Uint8Array(BLOCK_ROWS);
  let drawn = 0;
  let outside = 0;
  let dropped = 0;

  function addSeries(block: Block, k: number, cells: Int32Array, keys: Float64Array): void {
    const ys = block.f64(plan.ys[k]!);
    const slots = slotsOf?.(block);
    const { mask, rows, firstRow } = block;
    for (let i = 0; i < rows; i++) {
      const c = cells[i]!;
      if (c === DROPPED || (mask !== null && mask[i] === 0)) continue;
      const y = ys[i]!;
      const isPoint = y > above && y < Infinity;
      if (isPoint) placed[i] = 1;
      const state = columnsOf(slots === undefined ? k : slots[i]!);
      if (c < 0) addBeyond(state, keys[i]! > middle, !isPoint, firstRow + i, keys[i]!, compare);
      else if (isPoint) addPoint(state, c, firstRow + i, keys[i]!, y, compare);
      else addGap(state, c, firstRow + i, keys[i]!, compare);
    }
  }

  return {
    add(block) {
      const cells = cellsOf(block);
      const keys = keysOf(block);
      placed.fill(0, 0, block.rows);
      for (let k = 0; k < plan.ys.length; k++) addSeries(block, k, cells, keys);
      let drawnHere = 0;
      let outsideHere = 0;
      for (let i = 0; i < block.rows; i++) {
        if (placed[i] === 0) continue;
        if (cells[i]! >= 0) drawnHere++;
        else outsideHere++;
      }
      drawn += drawnHere;
      outside += outsideHere;
      dropped += block.matched - drawnHere - outsideHere;
      points.add(block, cells, slotsOf?.(block));
    },
    partial: () => ({ drawn, outside, dropped, columns, points: points.partial() }),
  };
}

/** Whether rows are read in runs; their numbers then stand for x. */
export function isSorted({ ascending, series, x }: LinePlan): boolean {
  return ascending && series?.kind !== 'category' && x.scale !== 'log';
}

/** How many series a line may have at most. */
export function seriesCount({ series, ys }: LinePlan): number {
  return series?.kind === 'category' ? keptSlots(series.slots) + 2 : ys.length;
}

// Doubles that ascend with x. 64-bit integers are counted from the low end, in two halves: no bigint a row.
function openKeys({ x, xForm }: LinePlan): (block: Block) => Float64Array {
  if (xForm === 'value') return (block) => block.f64(x.column);
  if (xForm === 'raw') return (block) => block.raw(x.column);
  const keys = new Float64Array(BLOCK_ROWS);
  const [lowWord, highWord] = new Int32Array(
    (x as TimeAxis).edges.slice(0, 1).buffer,
  ) as unknown as [number, number];
  return (block) => {
    const { buffer, byteOffset } = block.i64(x.column);
    const words = new Int32Array(buffer, byteOffset, BLOCK_ROWS * 2);
    for (let i = 0; i < block.rows; i++) {
      const low = (words[2 * i]! >>> 0) - (lowWord >>> 0);
      keys[i] = (words[2 * i + 1]! - highWord) * 2 ** 32 + low;
    }
    return keys;
  };
}

type TimeAxis = AxisPlan & { scale: 'time' };

/** The ends of the domain as keys. */
export function endsOf(axis: AxisPlan, form: LinePlan['xForm']): { low: number; high: number } {
  if (axis.scale !== 'time') return axis;
  const low = axis.edges[0]!;
  const high = axis.edges.at(-1)!;
  return form === 'i64'
    ? { low: 0, high: Number(high - low) }
    : { low: Number(low), high: Number(high) };
}
