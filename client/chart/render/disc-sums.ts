import { discRows } from './disc.js';

/** Gives a line of cells. It may be written anew when another line is asked for that is a disc away. */
export type LineOf = (y: number) => Uint32Array;

/** The rows of a disc that are equally wide. */
interface Band {
  half: number;
  /** How far above or below the middle. */
  rows: number[];
}

/**
 * For each cell of a line the sum of `lineOf` over the disc around it. The sums belong to the next call, and are to be asked
 * for from the first line to the last. Lines of the disc that are equally wide are added up, and a window of that width goes along
 * the sum: a few operations a cell, however many rows of the table it holds, on memory that stays near the processor.
 */
export function discLines(width: number, height: number, radius: number, lineOf: LineOf): LineOf {
  const bands = bandsOf(radius);
  const margin = bands[0]!.half + 1;
  const sums = new Uint32Array(width);
  // With a margin of zeros on both sides, so that no window needs a check.
  const added = new Uint32Array(width + 2 * margin - 1);
  const nothing = new Uint32Array(width);
  const inside = (y: number): Uint32Array => (y >= 0 && y < height ? lineOf(y) : nothing);
  return (y) => {
    sums.fill(0);
    for (const { half, rows } of bands) {
      const at = (i: number): Uint32Array => (i < rows.length ? inside(y + rows[i]!) : nothing);
      setTo(added, margin, at(0), at(1), at(2));
      for (let i = 3; i < rows.length; i += 2) addTo(added, margin, at(i), at(i + 1));
      addWindows(sums, added, margin, half);
    }
    return sums;
  };
}

/** The sums of all lines, as a grid. */
export function discSums(
  values: Uint32Array,
  width: number,
  height: number,
  radius: number,
): Uint32Array<ArrayBuffer> {
  const sums = new Uint32Array(width * height);
  const lineOf = discLines(width, height, radius, linesOf(values, width));
  for (let y = 0; y < height; y++) sums.set(lineOf(y), y * width);
  return sums;
}

/** The lines of a grid. */
export const linesOf =
  (values: Uint32Array, width: number): LineOf =>
  (y) =>
    values.subarray(y * width, (y + 1) * width);

function bandsOf(radius: number): Band[] {
  const bands = new Map<number, number[]>();
  for (const [dy, half] of discRows(radius).entries()) {
    bands.set(half, [...(bands.get(half) ?? []), ...(dy === 0 ? [0] : [-dy, dy])]);
  }
  return Array.from(bands, ([half, rows]) => ({ half, rows }));
}

// Sums wrap at 2^32, and so do their differences, which are right again.

function setTo(
  to: Uint32Array,
  start: number,
  a: Uint32Array,
  b: Uint32Array,
  c: Uint32Array,
): void {
  for (let x = 0; x < a.length; x++) to[start + x] = (a[x]! + b[x]! + c[x]!) | 0;
}

function addTo(to: Uint32Array, start: number, a: Uint32Array, b: Uint32Array): void {
  for (let x = 0; x < a.length; x++) to[start + x] = (to[start + x]! + a[x]! + b[x]!) | 0;
}

/** Adds to each sum the values from `half` cells before to `half` cells behind it. */
function addWindows(sums: Uint32Array, values: Uint32Array, start: number, half: number): void {
  const entering = start + half;
  const leaving = start - half - 1;
  let window = 0;
  for (let at = start; at < entering; at++) window = (window + values[at]!) | 0;
  for (let x = 0; x < sums.length; x++) {
    window = (window + values[entering + x]! - values[leaving + x]!) | 0;
    sums[x] = (sums[x]! + window) | 0;
  }
}
