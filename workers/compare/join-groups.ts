import type { Table, Vector } from 'apache-arrow';
import type { JsonValue } from '../../protocol/column.js';
import { createColumnReader, type ColumnReader } from '../text/column-reader.js';

/** What a group is known by, in either frame, and what is found for it. */
export interface JoinedGroup {
  key: JsonValue;
  /** An x or a low edge as it is compared: integers of times exactly. */
  place: number | bigint;
  series: string;
  /** Its row in each frame; -1 where it has none. */
  ours: number;
  theirs: number;
  count: number;
  value: number | null;
  /** The rows that it counts on each side. */
  counts: [ours: number, theirs: number];
}

/** The columns that name a group, and those that are computed. */
const NAMED = ['lo', 'cell', 'x', 'key'] as const;
const STEP = 16_384;

/** A frame, read by row. */
export interface FrameSide {
  rows: number;
  labels: string[];
  vectors: Map<string, Vector>;
  key: ColumnReader;
  place(row: number): number | bigint;
  series(row: number): string;
  count(row: number): number;
  value(row: number): number | null;
}

/** Opens a frame of groups; its x stand beside an origin, in digits. */
export function openSide(table: Table, origin: string): FrameSide {
  const vectors = new Map(table.schema.fields.map(({ name }, i) => [name, table.getChildAt(i)!]));
  const named = NAMED.find((name) => vectors.has(name));
  const key = named === undefined ? () => 0 : createColumnReader(vectors.get(named)!);
  const raw = (name: string): ArrayLike<number | bigint> =>
    (vectors.get(name)?.data[0]?.values ?? []) as ArrayLike<number | bigint>;
  const places = named === undefined ? [] : raw(named);
  const isWholeOrigin = /^-?\d+$/u.test(origin) && origin !== '0';
  const counts = raw('count');
  const values = vectors.get('value');
  const numbers = raw('value');
  const series = vectors.get('series');
  return {
    rows: table.numRows,
    labels: series === undefined ? [] : Array.from(series, String),
    vectors,
    key,
    place(row) {
      if (named === undefined) return 0;
      if (named !== 'x') return places[row] ?? 0;
      // A time's start is its origin and a whole offset: beyond what one double holds.
      return isWholeOrigin
        ? BigInt(origin) + BigInt(places[row]!)
        : Number(origin) + Number(places[row]!);
    },
    series: (row) => (series === undefined ? '' : String(series.get(row))),
    count: (row) => (row < 0 ? 0 : Number(counts[row]!)),
    value: (row) => {
      if (row < 0 || values === undefined || !values.isValid(row)) return null;
      return Number(numbers[row]!);
    },
  };
}

/** The groups of both frames, each once, those of the first as they stand there; `check` throws where nobody waits any more. */
export function joinGroups(
  sides: readonly [FrameSide, FrameSide],
  check: () => void,
): JoinedGroup[] {
  const found = new Map<string, JoinedGroup>();
  for (const [s, side] of sides.entries()) {
    const isX = side.vectors.has('x');
    for (let row = 0; row < side.rows; row++) {
      if (row % STEP === 0) check();
      const place = side.place(row);
      const key = isX ? String(place) : side.key(row);
      const series = side.series(row);
      const name = JSON.stringify([key, series]);
      let one = found.get(name);
      if (one === undefined) {
        const counts: [number, number] = [0, 0];
        one = { key, place, series, ours: -1, theirs: -1, count: 0, value: null, counts };
        found.set(name, one);
      }
      if (s === 0) one.ours = row;
      else one.theirs = row;
      one.counts[s] = side.count(row);
      one.count = one.counts[0] - one.counts[1];
    }
  }
  return [...found.values()];
}

/** Series by series in the order of the labels, each by its places. */
export function inOrder(joined: readonly JoinedGroup[], labels: readonly string[]): JoinedGroup[] {
  const slotOf = new Map(labels.map((label, slot) => [label, slot]));
  return joined.toSorted(
    (a, b) =>
      (slotOf.get(a.series) ?? 0) - (slotOf.get(b.series) ?? 0) ||
      (a.place < b.place ? -1 : a.place > b.place ? 1 : 0),
  );
}
