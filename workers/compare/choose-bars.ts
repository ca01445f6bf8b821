import type { JsonValue } from '../../protocol/column.js';
import type { FrameMetadata, RowCounts } from '../../protocol/frame.js';
import { inOrder, type JoinedGroup } from './join-groups.js';

/**
 * Bars that are kept, and their order: as asked, else that of the keys that are listed, else the largest differences of
 * either sign come first.
 */
export interface BarOrder {
  limit: number;
  sort: readonly { by: 'key' | 'value' | 'count'; descending: boolean }[];
  listed?: readonly JsonValue[];
}

/** One key with all its series. */
interface Bar {
  key: JsonValue;
  parts: JoinedGroup[];
  value: number;
  count: number;
}

/** The bars that are kept, all series of each; `adds` where the values of its series add up. */
export function chooseBars(
  joined: readonly JoinedGroup[],
  { limit, sort, listed }: BarOrder,
  adds: boolean,
  labels: readonly string[],
): JoinedGroup[] {
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
export function barFacts(
  joined: readonly JoinedGroup[],
  chosen: readonly JoinedGroup[],
  { ours, theirs }: { ours: FrameMetadata; theirs: FrameMetadata },
) {
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
