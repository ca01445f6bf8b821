import type { OutlinePlan } from './plan.js';
import { NO_ROW, type KeptRows, type PixelColumns } from './pixel-columns.js';
import { markShown, unmarkStraight } from './shown-vertices.js';
import { picked, type SeriesRows } from './vertices.js';

/** Beyond the extent of y, on both sides: the page draws a line with so much room. */
const MARGIN = 0.05;
/** A series with more stretches than this a pixel column keeps what m4 does: each would show by its ends. */
const MOST_STRETCHES = 2;

/** The vertices of a series, and the rows among them that are sent in any case. */
export interface Outlined {
  series: SeriesRows;
  wanted: Uint32Array;
}

/**
 * Of each series the vertices that a picture of its stroked line shows, and those that are wanted: the line through
 * them covers of each pixel what the line through all given vertices does, to about a 255th.
 */
export function outlined(
  all: readonly Outlined[],
  plan: OutlinePlan,
  logY: boolean,
  check: () => void,
): SeriesRows[] {
  const pixelX = scaleOf(plan.x, plan.width, plan.logX);
  const pixelY = scaleOf(plan.y ?? extentOf(all, logY), plan.height, logY);
  return all.map(({ series, wanted: rows }) => {
    const { x, y, isPoint } = series;
    const isWanted = new Set(rows);
    const wanted = Uint8Array.from(series.rows, (row) => (isWanted.has(row) ? 1 : 0));
    const line = { x: x.map(pixelX), y: y.map(pixelY) };
    const keep = wanted.slice();
    const stretches = stretchesOf(isPoint);
    if (stretches.length <= MOST_STRETCHES * plan.width) {
      for (const { start, end } of stretches) {
        const stretch = { x: line.x.subarray(start, end), y: line.y.subarray(start, end) };
        const kept = keep.subarray(start, end);
        markShown(stretch, { width: plan.width, radius: plan.stroke / 2 }, kept, check);
        unmarkStraight(stretch, kept, wanted.subarray(start, end));
        // The gap before it, where none is sent yet.
        if (start > 0) keep[start - 1] = 1;
      }
    }
    return picked(
      series,
      Uint32Array.from(keep.keys()).filter((i) => keep[i] === 1),
    );
  });
}

/**
 * The rows of fine cells among which an outline is chosen: the first, last, least and greatest of each. With
 * `withNeighbours`, where all rows stand in the order of x, also those next to the extremes: an edge that leads to a
 * peak is then the true one.
 */
export function outlineRows(
  kept: KeptRows,
  { first, last, least, greatest }: PixelColumns,
  withNeighbours: boolean,
): KeptRows {
  if (!withNeighbours) return kept;
  const low = first.find((row) => row !== NO_ROW);
  const high = last.findLast((row) => row !== NO_ROW);
  if (low === undefined || high === undefined) return kept;
  const rows = new Uint32Array(kept.rows.length + 4 * first.length);
  rows.set(kept.rows);
  let count = kept.rows.length;
  for (const extremes of [least, greatest]) {
    for (const row of extremes) {
      if (row === NO_ROW) continue;
      // Beyond these no batch need be in memory.
      if (row > low) rows[count++] = row - 1;
      if (row < high) rows[count++] = row + 1;
    }
  }
  const sorted = rows.subarray(0, count).sort();
  return { rows: sorted.filter((row, i) => i === 0 || row !== sorted[i - 1]), ys: null };
}

function scaleOf(
  [low, high]: readonly [number, number],
  pixels: number,
  isLog: boolean,
): (value: number) => number {
  const width = high - low;
  return isLog
    ? (value) => ((Math.log10(value) - low) * pixels) / width
    : (value) => ((value - low) * pixels) / width;
}

function extentOf(all: readonly Outlined[], logY: boolean): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const { series } of all) {
    for (let i = 0; i < series.y.length; i++) {
      if (series.isPoint[i] === 0) continue;
      low = Math.min(low, series.y[i]!);
      high = Math.max(high, series.y[i]!);
    }
  }
  if (logY) [low, high] = [Math.log10(low), Math.log10(high)];
  if (!(low < high)) return [low - 0.5, low + 0.5];
  const margin = (high - low) * MARGIN;
  return [low - margin, high + margin];
}

function stretchesOf(isPoint: Uint8Array): { start: number; end: number }[] {
  const stretches: { start: number; end: number }[] = [];
  for (let start = 0; start < isPoint.length; start++) {
    if (isPoint[start] === 0) continue;
    let end = start + 1;
    while (end < isPoint.length && isPoint[end] === 1) end++;
    stretches.push({ start, end });
    start = end;
  }
  return stretches;
}
