import type { Series } from '../colors.js';

/** The bar of one row of a frame, in positions of the axes. */
export interface BarBox {
  row: number;
  /** The place of its key, 0 on top. */
  place: number;
  /** Along x: where it stands, nearer to zero, and where it ends. */
  from: number;
  to: number;
  /** Along y, upward. */
  low: number;
  high: number;
  color: string;
}

/** The numbers behind bars. */
export interface BarNumbers {
  /** What is written behind the bar of a row. */
  textOf: (row: number) => string;
  font: string;
  color: string;
}

export interface BarRows {
  /** The place of the key of each row, and how many keys there are. */
  places: readonly number[];
  keys: number;
  values: ArrayLike<number>;
  /** Which series a row is of. */
  groupOf: (row: number) => number;
  series: readonly Series[];
  colorOf: (row: number) => string;
  /** Series stand on one another where their values add up, else side by side. */
  isSum: boolean;
}

/** The share of a key's height that is left empty. */
const GAP = 0.28;

/** Lying bars, those of a key in the order of its series; what has no value has no length, and what is hidden no bar. */
export function barBoxes(rows: BarRows): BarBox[] {
  const { places, keys, values, groupOf, series, colorOf, isSum } = rows;
  const shown = series.flatMap(({ isHidden }, group) => (isHidden ? [] : [group]));
  const tall = (1 - GAP) / (isSum ? 1 : Math.max(1, shown.length));
  const ends = Array.from({ length: keys }, () => ({ less: 0, more: 0 }));
  const inOrder = places.map((_, row) => row).toSorted((a, b) => groupOf(a) - groupOf(b));
  return inOrder.flatMap((row) => {
    const side = shown.indexOf(groupOf(row));
    if (side < 0) return [];
    const place = places[row]!;
    const value = Number.isFinite(values[row]!) ? values[row]! : 0;
    const end = ends[place]!;
    const from = !isSum ? 0 : value < 0 ? end.less : end.more;
    end[value < 0 ? 'less' : 'more'] = from + value;
    const high = keys - 1 - place + (1 - GAP) / 2 - (isSum ? 0 : side * tall);
    return [{ row, place, from, to: from + value, low: high - tall, high, color: colorOf(row) }];
  });
}

/** Which of the series that stand side by side is `down` keys below the middle of theirs. */
export function seriesAt(down: number, series: number): number {
  const share = (down + (1 - GAP) / 2) / (1 - GAP);
  return Math.min(Math.max(Math.floor(share * series), 0), series - 1);
}

/** True where a bar of a stack is at `x`. */
export const reaches = ({ from, to }: BarBox, x: number): boolean =>
  x < 0 ? to < 0 && x > to && x <= from : to > 0 && x < to && x >= from;
