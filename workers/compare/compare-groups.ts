import { DataType, type Table, type Vector } from 'apache-arrow';
import type { JsonValue } from '../../protocol/column.js';
import type { FrameMetadata, RowCounts } from '../../protocol/frame.js';
import type { AggregateOp } from '../../protocol/query.js';
import { declaredColumn } from '../declared/column.js';
import { seriesColumn } from '../marks/line/vertices.js';
import { nullableColumn, plainColumn, type FrameColumn } from '../scan/frame.js';
import { createColumnReader, logicalOf, type ColumnReader } from '../text/column-reader.js';
import type { Compared } from './compare-cells.js';
import { countColumn } from './count-column.js';

/**
 * Bars that are kept, and their order: as asked, else that of the keys that are listed, else the largest differences of
 * either sign come first.
 */
export interface BarOrder {
  limit: number;
  sort: readonly { by: 'key' | 'value' | 'count'; descending: boolean }[];
  listed?: readonly JsonValue[];
}

export interface GroupsAsk {
  metadata: { ours: FrameMetadata; theirs: FrameMetadata };
  op: AggregateOp;
  bars?: BarOrder;
}

/** What a group is known by, in either frame, and what is found for it. */
interface Joined {
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

/**
 * The differences of groups with the same key and series: bins, bars, cells, values. Of counts, sums and distinct values
 * what one side lacks is 0; of other aggregates there is no difference to nothing.
 */
export function compareGroups(
  ours: Table,
  theirs: Table,
  { metadata, op, bars }: GroupsAsk,
  check: () => void,
): Compared & { rowCounts?: { ours: RowCounts; theirs: RowCounts } } {
  const names = ours.schema.fields.map(({ name }) => name);
  const sides = [
    openSide(ours, metadata.ours.origin?.x ?? '0'),
    openSide(theirs, metadata.theirs.origin?.x ?? '0'),
  ] as const;
  const joined = join(sides, check);
  const adds = op === 'count' || op === 'sum' || op === 'distinct';
  for (const one of joined) {
    const [a, b] = [sides[0].value(one.ours), sides[1].value(one.theirs)];
    one.value = adds ? (a ?? 0) - (b ?? 0) : a === null || b === null ? null : a - b;
  }
  check();
  const labels = [...new Set([...sides[0].labels, ...sides[1].labels])];
  const chosen =
    bars === undefined ? inOrder(joined, labels) : chooseBars(joined, bars, adds, labels);
  const columns = names.map((name) => columnOf(name, chosen, { labels, sides }));
  const marks = { marks: chosen.length };
  const origin = originOf(chosen, sides[0]);
  const shared = names.includes('x') ? { origin: { x: String(origin), y: '0' } } : {};
  if (bars === undefined) {
    return { columns, rows: chosen.length, metadata: { ...marks, ...shared } };
  }
  return { columns, rows: chosen.length, ...barFacts(joined, chosen, metadata) };
}

/** A frame, read by row. */
interface Side {
  rows: number;
  labels: string[];
  vectors: Map<string, Vector>;
  key: ColumnReader;
  place(row: number): number | bigint;
  series(row: number): string;
  count(row: number): number;
  value(row: number): number | null;
}

function openSide(table: Table, origin: string): Side {
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

function join(sides: readonly [Side, Side], check: () => void): Joined[] {
  const found = new Map<string, Joined>();
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

function inOrder(joined: readonly Joined[], labels: readonly string[]): Joined[] {
  const slotOf = new Map(labels.map((label, slot) => [label, slot]));
  return joined.toSorted(
    (a, b) =>
      (slotOf.get(a.series) ?? 0) - (slotOf.get(b.series) ?? 0) ||
      (a.place < b.place ? -1 : a.place > b.place ? 1 : 0),
  );
}

/** One key with all its series. */
interface Bar {
  key: JsonValue;
  parts: Joined[];
  value: number;
  count: number;
}

function chooseBars(
  joined: readonly Joined[],
  { limit, sort, listed }: BarOrder,
  adds: boolean,
  labels: readonly string[],
): Joined[] {
  const bars = new Map<string, Bar>();
  for (const one of joined) {
    const name = JSON.stringify(one.key);
    let bar = bars.get(name);
    if (bar === undefined) {
      bars.set(name, (bar = { key: one.key, parts: [], value: NaN, count: 0 }));
    }
    bar.parts.push(one);
    // Several columns of y count the same rows.
    if (bar.parts.length === 1) bar.count = one.count;
    if (one.value === null) continue;
    if (Number.isNaN(bar.value)) bar.value = one.value;
    else if (adds) bar.value += one.value;
    else if (Math.abs(one.value) > Math.abs(bar.value)) bar.value = one.value;
  }
  const places = listed && new Map(listed.map((key, i) => [String(key), i]));
  const order = [...bars.values()].sort((a, b) => {
    if (sort.length === 0 && places !== undefined) {
      return placeOf(places, a.key) - placeOf(places, b.key);
    }
    if (sort.length === 0) {
      const larger = byNumber(-Math.abs(a.value), -Math.abs(b.value), 1);
      if (larger !== 0) return larger;
    }
    for (const { by, descending } of sort) {
      const sign = descending ? -1 : 1;
      const found = by === 'key' ? byKey(a.key, b.key, sign) : byNumber(a[by], b[by], sign);
      if (found !== 0) return found;
    }
    return byKey(a.key, b.key, 1);
  });
  return order.slice(0, limit).flatMap(({ parts }) => inOrder(parts, labels));
}

function placeOf(places: ReadonlyMap<string, number>, key: JsonValue): number {
  return places.get(String(key)) ?? places.size;
}

// What has no number stands last in either direction.
function byNumber(a: number, b: number, sign: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -sign : a > b ? sign : 0;
}

// Null stands last; text by its UTF-8 bytes, digits of wide numbers by their value.
function byKey(a: JsonValue, b: JsonValue, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

/** Where the rows of bars went, once some keys are cut off. */
function barFacts(
  joined: readonly Joined[],
  chosen: readonly Joined[],
  metadata: GroupsAsk['metadata'],
) {
  const { ours, theirs } = metadata;
  const drawn = [0, 0];
  const keys = new Map<string, JsonValue>();
  for (const { key, counts } of chosen) {
    const name = JSON.stringify(key);
    if (keys.has(name)) continue;
    keys.set(name, key);
    drawn[0]! += counts[0];
    drawn[1]! += counts[1];
  }
  const cutKeys = new Set(joined.map(({ key }) => JSON.stringify(key))).size - keys.size;
  const left = (rows: RowCounts, shown: number): RowCounts => ({
    ...rows,
    drawn: shown,
    outside: rows.outside + rows.drawn - shown,
  });
  return {
    rowCounts: { ours: left(ours.rows, drawn[0]!), theirs: left(theirs.rows, drawn[1]!) },
    metadata: {
      marks: chosen.length,
      ...(ours.bin === undefined && keys.size > 0 && { domain: { x: [...keys.values()] } }),
      ...(cutKeys > 0 && { cut: { keys: cutKeys, rows: ours.rows.drawn - drawn[0]! } }),
    },
  };
}

function originOf(chosen: readonly Joined[], side: Side): number | bigint {
  const [first] = chosen;
  if (first === undefined) return side.rows > 0 ? side.place(0) : 0;
  let least = first.place;
  for (const { place: one } of chosen) if (one < least) least = one;
  return typeof least === 'bigint' ? least : 0;
}

function columnOf(
  name: string,
  chosen: readonly Joined[],
  { labels, sides }: { labels: readonly string[]; sides: readonly [Side, Side] },
): FrameColumn {
  switch (name) {
    case 'count':
      return countColumn(Float64Array.from(chosen, ({ count }) => count));
    case 'value':
      return nullableColumn(
        { name, type: { type: 'float', bits: 64 } },
        Float64Array.from(chosen, ({ value }) => value ?? 0),
        Uint8Array.from(chosen, ({ value }) => (value === null ? 0 : 1)),
      );
    case 'series': {
      const slots = Uint16Array.from(chosen, ({ series }) => labels.indexOf(series));
      return seriesColumn({ kind: 'columns', labels: [...labels] }, slots);
    }
    case 'x': {
      const origin = originOf(chosen, sides[0]);
      const x = Float64Array.from(chosen, ({ place }) =>
        typeof place === 'bigint' ? Number(place - (origin as bigint)) : place,
      );
      const isNarrow = x.every((value) => Math.fround(value) === value);
      const type = { type: 'float', bits: isNarrow ? 32 : 64 } as const;
      return plainColumn({ name, type }, isNarrow ? Float32Array.from(x) : x);
    }
    case 'cell':
      return plainColumn(
        { name, type: { type: 'int', bits: 32, signed: false } },
        Uint32Array.from(chosen, ({ place }) => Number(place)),
      );
    default:
      return takenColumn(name, chosen, sides);
  }
}

/** A key or an edge, in its own type, from the frame that has it. */
function takenColumn(
  name: string,
  chosen: readonly Joined[],
  sides: readonly [Side, Side],
): FrameColumn {
  const vectors = sides.map((side) => side.vectors.get(name)!) as [Vector, Vector];
  const { type } = vectors[0];
  const from = ({ ours, theirs }: Joined): [Vector, number] =>
    ours >= 0 ? [vectors[0], ours] : [vectors[1], theirs];
  const valid = Uint8Array.from(chosen, (one) => {
    const [vector, row] = from(one);
    return vector.isValid(row) ? 1 : 0;
  });
  const rows = chosen.length;
  const logical = logicalOf(type);
  if (logical !== undefined) {
    const stored = (i: number): number | bigint => {
      const [vector, row] = from(chosen[i]!);
      const values = vector.data[0]!.values as ArrayLike<number | bigint>;
      return logical.kind === 'decimal' ? decimalAt(vector, row) : values[row]!;
    };
    const column = declaredColumn(name, logical, { rows, valid, stored });
    // Edges are never null.
    return name === 'key' ? column : { ...column, field: { ...column.field, nullable: false } };
  }
  if (DataType.isBool(type)) {
    const stored = (i: number): number => {
      const [vector, row] = from(chosen[i]!);
      return vector.get(row) === true ? 1 : 0;
    };
    return declaredColumn(name, { kind: 'boolean' }, { rows, valid, stored });
  }
  const isBinary = DataType.isBinary(type);
  const parts = chosen.map((one, i) => {
    const [vector, row] = from(one);
    if (valid[i] === 0) return Buffer.alloc(0);
    const value = vector.get(row) as string | Uint8Array;
    return typeof value === 'string' ? Buffer.from(value) : value;
  });
  const offsets = new Int32Array(rows + 1);
  for (const [i, part] of parts.entries()) offsets[i + 1] = offsets[i]! + part.length;
  const bytes = new Uint8Array(Buffer.concat(parts));
  const kind = isBinary ? 'binary' : 'text';
  return declaredColumn(name, { kind }, { rows, valid, strings: { offsets, bytes } });
}

/** 128 bits, least significant word first, in two's complement. */
function decimalAt(vector: Vector, row: number): bigint {
  const words = vector.data[0]!.values as Uint32Array;
  let value = 0n;
  for (let k = 3; k >= 0; k--) value = (value << 32n) | BigInt(words[row * 4 + k]!);
  return BigInt.asIntN(128, value);
}
