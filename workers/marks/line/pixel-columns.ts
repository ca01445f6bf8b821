import { OWN_ROOM, type Room } from '../../kernels/room.js';

/** Stands where a pixel column has no such row. */
export const NO_ROW = 0xffff_ffff;

/**
 * What a line keeps of each of `width` pixel columns: the first and the last row by x (of equal x the first and the
 * last row), the rows with the least and the greatest y (the first of equals), and the first and the last row
 * without a place for y. Follows M4 (Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation",
 * VLDB 2014), with gaps.
 */
export interface PixelColumns {
  first: Uint32Array<ArrayBuffer>;
  last: Uint32Array<ArrayBuffer>;
  least: Uint32Array<ArrayBuffer>;
  greatest: Uint32Array<ArrayBuffer>;
  firstGap: Uint32Array<ArrayBuffer>;
  lastGap: Uint32Array<ArrayBuffer>;
  /** Where these rows stand: any number that ascends with x within the column. */
  firstX: Float64Array<ArrayBuffer>;
  lastX: Float64Array<ArrayBuffer>;
  firstGapX: Float64Array<ArrayBuffer>;
  lastGapX: Float64Array<ArrayBuffer>;
  leastY: Float64Array<ArrayBuffer>;
  greatestY: Float64Array<ArrayBuffer>;
  /** The nearest rows beyond the domain, with a y and without one: left, right, left gap, right gap. */
  beyond: Uint32Array<ArrayBuffer>;
  beyondX: Float64Array<ArrayBuffer>;
}

/**
 * Compares the x of two rows exactly, where doubles cannot tell them apart: negative where `a` is before `b`.
 * Null where equal doubles are equal x.
 */
export type CompareX = ((a: number, b: number) => number) | null;

export function createPixelColumns(width: number, room: Room = OWN_ROOM): PixelColumns {
  const rows = (): Uint32Array<ArrayBuffer> => room.u32(width).fill(NO_ROW);
  const numbers = (value: number): Float64Array<ArrayBuffer> => room.f64(width).fill(value);
  return {
    first: rows(),
    last: rows(),
    least: rows(),
    greatest: rows(),
    firstGap: rows(),
    lastGap: rows(),
    firstX: numbers(Infinity),
    lastX: numbers(-Infinity),
    firstGapX: numbers(Infinity),
    lastGapX: numbers(-Infinity),
    leastY: numbers(Infinity),
    greatestY: numbers(-Infinity),
    beyond: new Uint32Array(4).fill(NO_ROW),
    beyondX: Float64Array.of(-Infinity, Infinity, -Infinity, Infinity),
  };
}

/** Takes in a row of pixel column `c` that has a finite `y`. Rows come in ascending order. */
export function addPoint(
  state: PixelColumns,
  c: number,
  row: number,
  x: number,
  y: number,
  compare: CompareX,
): void {
  if (y < state.leastY[c]!) {
    state.leastY[c] = y;
    state.least[c] = row;
  }
  if (y > state.greatestY[c]!) {
    state.greatestY[c] = y;
    state.greatest[c] = row;
  }
  addEnds(state.first, state.firstX, state.last, state.lastX, c, row, x, compare);
}

/** Takes in a row of pixel column `c` that has an x and no place for y. */
export function addGap(
  state: PixelColumns,
  c: number,
  row: number,
  x: number,
  compare: CompareX,
): void {
  addEnds(state.firstGap, state.firstGapX, state.lastGap, state.lastGapX, c, row, x, compare);
}

function addEnds(
  first: Uint32Array,
  firstX: Float64Array,
  last: Uint32Array,
  lastX: Float64Array,
  c: number,
  row: number,
  x: number,
  compare: CompareX,
): void {
  if (x < firstX[c]! || (compare !== null && x === firstX[c] && compare(row, first[c]!) < 0)) {
    firstX[c] = x;
    first[c] = row;
  }
  if (x > lastX[c]! || (x === lastX[c] && (compare === null || compare(row, last[c]!) >= 0))) {
    lastX[c] = x;
    last[c] = row;
  }
}

/** Takes in a row that lies beyond the domain; `x` is comparable among all such rows of its side. */
export function addBeyond(
  state: PixelColumns,
  isRight: boolean,
  isGap: boolean,
  row: number,
  x: number,
  compare: CompareX,
): void {
  const k = (isRight ? 1 : 0) + (isGap ? 2 : 0);
  const best = state.beyondX[k]!;
  const tie = x === best && state.beyond[k] !== NO_ROW;
  const order = tie ? (compare === null ? 0 : compare(row, state.beyond[k]!)) : 0;
  // Nearest means last on the left, of equal x too, and first on the right.
  const isNearer = isRight ? x < best || (tie && order < 0) : x > best || (tie && order >= 0);
  if (!isNearer) return;
  state.beyond[k] = row;
  state.beyondX[k] = x;
}

/** Takes the columns of later rows into those of earlier ones. */
export function joinPixelColumns(into: PixelColumns, from: PixelColumns, compare: CompareX): void {
  const width = into.first.length;
  for (let c = 0; c < width; c++) joinColumn(into, c, from, c, compare);
  joinBeyond(into, from, compare);
}

/** The pixel columns that `finer` cells make each. */
export function coarserColumns(
  from: PixelColumns,
  finer: number,
  compare: CompareX,
  room: Room = OWN_ROOM,
): PixelColumns {
  const into = createPixelColumns(from.first.length / finer, room);
  for (let c = 0; c < from.first.length; c++) {
    joinColumn(into, Math.floor(c / finer), from, c, compare);
  }
  joinBeyond(into, from, compare);
  return into;
}

/** Takes column `f` into column `c`. Its rows come later, or have a greater x. */
function joinColumn(
  into: PixelColumns,
  c: number,
  from: PixelColumns,
  f: number,
  compare: CompareX,
): void {
  if (from.first[f] !== NO_ROW) {
    const { first, firstX, last, lastX } = into;
    addEnds(first, firstX, last, lastX, c, from.first[f]!, from.firstX[f]!, compare);
    addEnds(first, firstX, last, lastX, c, from.last[f]!, from.lastX[f]!, compare);
    if (isBefore(from.leastY[f]!, from.least[f]!, into.leastY[c]!, into.least[c]!)) {
      into.leastY[c] = from.leastY[f]!;
      into.least[c] = from.least[f]!;
    }
    if (isBefore(-from.greatestY[f]!, from.greatest[f]!, -into.greatestY[c]!, into.greatest[c]!)) {
      into.greatestY[c] = from.greatestY[f]!;
      into.greatest[c] = from.greatest[f]!;
    }
  }
  if (from.firstGap[f] !== NO_ROW) {
    addGap(into, c, from.firstGap[f]!, from.firstGapX[f]!, compare);
    addGap(into, c, from.lastGap[f]!, from.lastGapX[f]!, compare);
  }
}

// Of equal y the lower row comes first, whatever its x.
const isBefore = (y: number, row: number, thanY: number, thanRow: number): boolean =>
  y < thanY || (y === thanY && row < thanRow);

function joinBeyond(into: PixelColumns, from: PixelColumns, compare: CompareX): void {
  for (let k = 0; k < 4; k++) {
    if (from.beyond[k] !== NO_ROW) {
      addBeyond(into, k % 2 === 1, k >= 2, from.beyond[k]!, from.beyondX[k]!, compare);
    }
  }
}

/** Every row that is held, in no order, at times twice; and those before and after, where they may matter. */
export function heldRows(state: PixelColumns, withNeighbours: boolean): Uint32Array {
  const { first, last, least, greatest, firstGap, lastGap, beyond } = state;
  const all = [first, last, least, greatest, firstGap, lastGap, beyond];
  const held = all.flatMap((rows) => Array.from(rows)).filter((row) => row !== NO_ROW);
  return Uint32Array.from(
    withNeighbours ? held.flatMap((row) => [Math.max(0, row - 1), row, row + 1]) : held,
  );
}

/** The rows that were kept, ascending and each once. */
export interface KeptRows {
  rows: Uint32Array<ArrayBuffer>;
  /** Their y where it is known, else NaN; null where none is. */
  ys: Float64Array<ArrayBuffer> | null;
}

/**
 * The rows that were kept: with `ends` the first and the last of every column, else only
 * those of the whole line. A gap beyond the domain counts only where it is nearer than the nearest point there.
 */
export function keptRows(
  state: PixelColumns,
  ends: boolean,
  compare: CompareX,
  room: Room = OWN_ROOM,
): KeptRows {
  const { first, last, least, leastY, greatest, greatestY, firstGap, lastGap } = state;
  const width = first.length;
  const kept = new RowSet(width * 6 + 6, room);
  let lastColumn = -1;
  const [left, right, leftGap, rightGap] = state.beyond as unknown as [
    number,
    number,
    number,
    number,
  ];
  kept.add(left, NaN);
  if (leftGap !== NO_ROW && isBetween(state, left, leftGap, 0, compare)) kept.add(leftGap, NaN);
  for (let c = 0; c < width; c++) {
    if (first[c] !== NO_ROW) {
      if (ends || lastColumn < 0) kept.add(first[c]!, NaN);
      kept.addTwo(least[c]!, leastY[c]!, greatest[c]!, greatestY[c]!);
      if (ends) kept.add(last[c]!, NaN);
      lastColumn = c;
    }
    if (firstGap[c] === NO_ROW) continue;
    kept.add(firstGap[c]!, NaN);
    kept.add(lastGap[c]!, NaN);
  }
  if (lastColumn >= 0) kept.add(last[lastColumn]!, NaN);
  if (rightGap !== NO_ROW && isBetween(state, rightGap, right, 1, compare)) kept.add(rightGap, NaN);
  kept.add(right, NaN);
  return kept.result();
}

/** The rows with the extremes of each column, and the first and the last row without a place for y. */
export function extremeRows(state: PixelColumns): KeptRows {
  const { least, leastY, greatest, greatestY, firstGap, lastGap } = state;
  const width = least.length;
  const kept = new RowSet(width * 4, OWN_ROOM);
  for (let c = 0; c < width; c++) {
    kept.add(least[c]!, leastY[c]!);
    kept.add(greatest[c]!, greatestY[c]!);
    kept.add(firstGap[c]!, NaN);
    kept.add(lastGap[c]!, NaN);
  }
  return kept.result();
}

/** All columns as one, of which only the first and the last row are kept, and what lies beyond the domain. */
export function endsOf(state: PixelColumns): PixelColumns {
  const { first, firstX, last, lastX, beyond, beyondX } = state;
  const ends = { ...createPixelColumns(1), beyond, beyondX };
  const from = first.findIndex((row) => row !== NO_ROW);
  if (from < 0) return ends;
  const to = last.findLastIndex((row) => row !== NO_ROW);
  ends.first[0] = first[from]!;
  ends.firstX[0] = firstX[from]!;
  ends.last[0] = last[to]!;
  ends.lastX[0] = lastX[to]!;
  return ends;
}

/** How far back the place of a row is looked for: pixel columns add no more than so many out of order. */
const NEAR = 6;

/** Rows, ascending and each once. Where x ascends they come nearly in order, and need no sorting. */
class RowSet {
  readonly #rows: Uint32Array<ArrayBuffer>;
  readonly #ys: Float64Array<ArrayBuffer>;
  #count = 0;
  #isInOrder = true;

  constructor(most: number, room: Room) {
    this.#rows = room.u32(most);
    this.#ys = room.f64(most);
  }

  /** Two rows of any order: mostly both come after all others. */
  addTwo(row: number, y: number, otherRow: number, otherY: number): void {
    if (row < otherRow) {
      this.add(row, y);
      this.add(otherRow, otherY);
    } else {
      this.add(otherRow, otherY);
      this.add(row, y);
    }
  }

  add(row: number, y: number): void {
    if (row === NO_ROW) return;
    const rows = this.#rows;
    if (this.#count > 0 && rows[this.#count - 1]! < row) {
      // Both zeros are equally extreme: which of them the row has is not known.
      this.#ys[this.#count] = y === 0 ? NaN : y;
      rows[this.#count++] = row;
      return;
    }
    const ys = this.#ys;
    const end = Math.max(0, this.#count - NEAR);
    let at = this.#count;
    while (at > end && rows[at - 1]! >= row) at--;
    const known = y === 0 ? NaN : y;
    if (at < this.#count && rows[at] === row) {
      if (known === y) ys[at] = y;
      return;
    }
    if (at > 0 && rows[at - 1]! >= row) this.#isInOrder = false;
    for (let k = this.#count++; k > at; k--) {
      rows[k] = rows[k - 1]!;
      ys[k] = ys[k - 1]!;
    }
    rows[at] = row;
    ys[at] = known;
  }

  result(): KeptRows {
    const rows = this.#rows.subarray(0, this.#count);
    if (this.#isInOrder) return { rows, ys: this.#ys.subarray(0, this.#count) };
    rows.sort();
    let unique = 0;
    for (let i = 0; i < rows.length; i++) {
      if (i === 0 || rows[i] !== rows[i - 1]) rows[unique++] = rows[i]!;
    }
    return { rows: rows.subarray(0, unique), ys: this.#ys.subarray(0, unique).fill(NaN) };
  }
}

// Whether the gap of a side lies between the nearest point and the domain: the earlier of both is `a`.
function isBetween(
  state: PixelColumns,
  a: number,
  b: number,
  side: 0 | 1,
  compare: CompareX,
): boolean {
  if (a === NO_ROW || b === NO_ROW) return true;
  const [xA, xB] =
    side === 0 ? [state.beyondX[0]!, state.beyondX[2]!] : [state.beyondX[3]!, state.beyondX[1]!];
  if (xA !== xB) return xA < xB;
  return compare === null || compare(a, b) === 0 ? a < b : compare(a, b) < 0;
}
