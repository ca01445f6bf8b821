import type { Cube, CubeCounts } from './read-cube.js';

/** What a view shows under a brush: one number for each row of its frame, in its order. */
export interface BrushAnswer {
  /** Rows. */
  counts: CubeCounts;
  /** The aggregate, NaN where it has no value; null where it is the count of rows. */
  values: Float64Array | null;
  /** Where the rows of the brush went: `matched = drawn + outside + dropped`. */
  rows: { matched: number; drawn: number; outside: number; dropped: number };
}

/** Room for the answers of a cube, to be used again for every step of a brush. */
export function brushAnswer({ counts, values, info }: Cube): BrushAnswer {
  const { bins, op } = info;
  return {
    counts: counts instanceof Float64Array ? new Float64Array(bins) : new Uint32Array(bins),
    values: op === 'count' && values === null ? null : new Float64Array(bins),
    rows: { matched: 0, drawn: 0, outside: 0, dropped: 0 },
  };
}

/**
 * What a view shows under the brush from the edge `a` up to the edge `b` of a pixel, 0 <= a <= b <= width: exactly the rows
 * whose cell on the active axis is at least `a` and below `b`. Takes microseconds, by the number of bins alone; `out`
 * is written and given back.
 */
export function answerBrush(
  cube: Cube,
  a: number,
  b: number,
  out = brushAnswer(cube),
): BrushAnswer {
  const { active, stride } = cube.info;
  if (active.height !== undefined) {
    throw new Error('The brush of this cube has two axes: answerBox is for it.');
  }
  checkEdges(a, b, active.width, 'x');
  subtract(cube, { high: b * stride, low: a * stride, below: null }, out);
  if (cube.extremes !== null) cube.extremes(a, b, out.values!);
  return out;
}

/** A brush with two axes, in edges of cells. */
export interface BrushBox {
  x: readonly [number, number];
  y: readonly [number, number];
}

/** The same for a brush with two axes: the rows whose cell is at least the first and below the second edge on both. */
export function answerBox(cube: Cube, { x, y }: BrushBox, out = brushAnswer(cube)): BrushAnswer {
  const { active, stride } = cube.info;
  if (active.height === undefined) {
    throw new Error('The brush of this cube has one axis: answerBrush is for it.');
  }
  checkEdges(...x, active.width, 'x');
  checkEdges(...y, active.height, 'y');
  const edges = active.width + 1;
  const at = (column: number, row: number): number => (row * edges + column) * stride;
  const below = { high: at(x[1], y[0]), low: at(x[0], y[0]) };
  subtract(cube, { high: at(x[1], y[1]), low: at(x[0], y[1]), below }, out);
  return out;
}

function checkEdges(a: number, b: number, size: number, axis: string): void {
  if (Number.isInteger(a) && Number.isInteger(b) && a >= 0 && a <= b && b <= size) return;
  throw new Error(`Expected a brush along ${axis} between edges 0 and ${size}, got ${a} to ${b}.`);
}

/** Where the numbers of the edges begin whose difference is the answer; with two axes also those of the lower side. */
interface Corners {
  high: number;
  low: number;
  below: { high: number; low: number } | null;
}

function subtract(cube: Cube, corners: Corners, out: BrushAnswer): void {
  const { counts, values, sums, info } = cube;
  const { bins, op } = info;
  subtractCounts(counts, corners, bins, out.counts);
  const tail = (k: number): number => countAt(counts, corners, bins + k);
  const { rows } = out;
  rows.drawn = tail(0);
  rows.outside = tail(1);
  rows.dropped = tail(2);
  rows.matched = rows.drawn + rows.outside + rows.dropped;
  if (out.values === null || op === 'min' || op === 'max') return;
  // Until the sums are there, how many values each has.
  if (values === null) for (let k = 0; k < bins; k++) out.values[k] = out.counts[k]!;
  else subtractCounts(values, corners, bins, out.values);
  if (sums !== null) aggregate(cube, sums, corners, out.values);
}

function subtractCounts(
  counts: CubeCounts,
  { high, low, below }: Corners,
  bins: number,
  out: CubeCounts,
): void {
  if (below === null) {
    for (let k = 0; k < bins; k++) out[k] = counts[high + k]! - counts[low + k]!;
    return;
  }
  for (let k = 0; k < bins; k++) {
    out[k] =
      counts[high + k]! - counts[low + k]! - (counts[below.high + k]! - counts[below.low + k]!);
  }
}

function countAt(counts: CubeCounts, { high, low, below }: Corners, k: number): number {
  const upper = counts[high + k]! - counts[low + k]!;
  return below === null ? upper : upper - (counts[below.high + k]! - counts[below.low + k]!);
}

// Puts the sums or the means of the bins in the place of their numbers of values.
function aggregate(
  { rests, plus, minus, info }: Cube,
  sums: Float64Array,
  corners: Corners,
  out: Float64Array,
): void {
  const { bins, op, digits } = info;
  const { high, low, below } = corners;
  const divisor = 10 ** digits;
  const isMean = op === 'mean';
  for (let k = 0; k < bins; k++) {
    const seen = out[k]!;
    if (seen === 0) {
      out[k] = NaN;
      continue;
    }
    let sum = sums[high + k]! - sums[low + k]!;
    let rest = lostOf(sums[high + k]!, -sums[low + k]!, sum);
    if (rests !== null) rest += rests[high + k]! - rests[low + k]!;
    if (below !== null) {
      const under = sums[below.high + k]! - sums[below.low + k]!;
      rest -= lostOf(sums[below.high + k]!, -sums[below.low + k]!, under);
      if (rests !== null) rest -= rests[below.high + k]! - rests[below.low + k]!;
      const whole = sum - under;
      rest += lostOf(sum, -under, whole);
      sum = whole;
    }
    let value = sum + rest;
    if (plus !== null && countAt(plus, corners, k) > 0) value += Infinity;
    if (minus !== null && countAt(minus, corners, k) > 0) value -= Infinity;
    out[k] = isMean ? value / divisor / seen : value / divisor;
  }
}

/** What rounding lost of `a + b`, which was rounded to `sum` (Knuth's two-sum). */
function lostOf(a: number, b: number, sum: number): number {
  const part = sum - a;
  return a - (sum - part) + (b - part);
}
