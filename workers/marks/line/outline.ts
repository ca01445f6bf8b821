import type { OutlinePlan } from './plan.js';
import { NO_ROW, type KeptRows, type PixelColumns } from './pixel-columns.js';
import { markShown, unmarkStraight } from './shown-vertices.js';
import type { SeriesRows } from './series-rows.js';
import { picked } from './vertices.js';

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
    const { isPoint } = series;
    const line = { x: placed(series.x, pixelX), y: placed(series.y, pixelY) };
    const wanted = marksOf(series.rows, rows);
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
    return picked(series, marked(keep), check);
  });
}

function placed(values: Float64Array, pixelOf: (value: number) => number): Float64Array {
  const pixels = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) pixels[i] = pixelOf(values[i]!);
  return pixels;
}

/** 1 for each of `rows` that is among `some`, which ascend. */
function marksOf(rows: Uint32Array, some: Uint32Array): Uint8Array {
  const marks = new Uint8Array(rows.length);
  let at = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    // Where x does not ascend in the file, rows go back.
    if (at > 0 && some[at - 1]! >= row) at = lowerBound(some, row);
    while (at < some.length && some[at]! < row) at++;
    if (some[at] === row) marks[i] = 1;
  }
  return marks;
}

function lowerBound(rows: Uint32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

function marked(keep: Uint8Array): Uint32Array {
  const places = new Uint32Array(keep.length);
  let count = 0;
  for (let i = 0; i < keep.length; i++) if (keep[i] === 1) places[count++] = i;
  return places.subarray(0, count);
}

/**
 * The rows of fine cells among which an outline is chosen: the first, last, least and greatest of each. With
 * `withNeighbours`, where all rows stand in the order of x, also those next to extremes that stand out from the
 * cells beside them: the edges that lead to such a peak, and are seen, are then the true ones.
 */
export function outlineRows(
  kept: KeptRows,
  state: PixelColumns,
  withNeighbours: boolean,
): KeptRows {
  if (!withNeighbours) return kept;
  const { first, last, least, greatest } = state;
  const low = first.find((row) => row !== NO_ROW);
  const high = last.findLast((row) => row !== NO_ROW);
  if (low === undefined || high === undefined) return kept;
  const rows = new Uint32Array(kept.rows.length + 4 * first.length);
  rows.set(kept.rows);
  let count = kept.rows.length;
  for (let c = 0; c < first.length; c++) {
    if (!standsOut(state, c)) continue;
    for (const row of [least[c]!, greatest[c]!]) {
      // Beyond these no batch need be in memory.
      if (row > low) rows[count++] = row - 1;
      if (row < high) rows[count++] = row + 1;
    }
  }
  rows.subarray(0, count).sort();
  let unique = 0;
  for (let i = 0; i < count; i++) if (i === 0 || rows[i] !== rows[i - 1]) rows[unique++] = rows[i]!;
  return { rows: rows.subarray(0, unique), ys: null };
}

/** Whether a cell reaches farther than one beside it by half of what it spans. */
function standsOut({ first, leastY, greatestY }: PixelColumns, c: number): boolean {
  if (first[c] === NO_ROW) return false;
  const half = (greatestY[c]! - leastY[c]!) / 2;
  for (const beside of [c - 1, c + 1]) {
    if (beside < 0 || beside >= first.length) continue;
    if (greatestY[c]! - greatestY[beside]! > half || leastY[beside]! - leastY[c]! > half)
      return true;
  }
  return false;
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
