import type { JsonValue } from '../../protocol/column.js';
import { largeFloat64, largeUint32 } from '../large-arrays.js';
import type { FrameMetadata } from '../../protocol/frame.js';
import { declaredColumn } from '../declared/column.js';
import { openGroups } from '../groups/accumulate.js';
import { Ids64 } from '../groups/intern.js';
import { groupColumns } from '../groups/columns.js';
import { joinGroups } from '../groups/join.js';
import type { Groups, GroupsPartial, GroupsPlan } from '../groups/plan.js';
import { baseOf, writeFrame } from '../scan/frame.js';
import type { Mark, MarkedFrame } from '../scan/mark.js';
import { columnOf } from '../scan/values.js';
import type { Logical } from '../storage.js';
import { Best } from '../tally/best.js';
import { tallyValues } from '../tally/key.js';
import type { LineSeries } from './line/plan.js';

export interface BarPlan extends GroupsPlan {
  kind: 'bar';
  column: number;
  /** What the keys are: the column's own values, or the starts of bins. */
  logical: Logical;
  series: LineSeries | null;
  limit: number;
  /** The keys that are shown, in JSON; null for all. */
  listed: readonly JsonValue[] | null;
  /** Without it bars are in the order of the listed keys; else the largest come first. */
  sort: { by: 'key' | 'value' | 'count'; descending: boolean }[];
}

/** The bars by number: one a key, with all its rows, over all series. */
interface Bars {
  /** The key's id: 0 is null. */
  ids: Uint32Array;
  /** What bars are put in order by; NaN where an aggregate had nothing. */
  values: Float64Array;
  counts: Float64Array;
  /** The bar of each group. */
  ofGroup: Uint32Array;
}

/** One bar for each value of a column, and each series of it. */
export const bar: Mark<BarPlan, GroupsPartial, MarkedFrame> = {
  open: openGroups,

  merge(plan, partials, scope) {
    const groups = joinGroups(plan, partials, scope, 'bar');
    const keys = tallyValues(
      scope.table,
      { ...columnOf(scope.table, plan.column), logical: plan.logical },
      { keys: groups.keys! },
    );
    scope.check();
    const bars = barsOf(plan, groups);
    scope.check();
    const json = (bar: number): JsonValue => {
      const id = bars.ids[bar]!;
      return id === 0 ? null : keys.json(id - 1);
    };
    const places = plan.listed === null ? null : placesOf(plan.listed, bars, json);
    const best = new Best(plan.limit, comesBefore(plan, bars, places, keys.compare));
    for (let bar = 0; bar < bars.ids.length; bar++) {
      if (places === null || places[bar]! >= 0) best.offer(bar);
    }
    const shown = best.sorted();
    scope.check();
    const marks = marksOf(plan, groups, bars, shown);
    const drawn = shown.reduce((sum, bar) => sum + bars.counts[bar]!, 0);
    const { outside: beyond, dropped } = groups;
    const outside = scope.matched - drawn - dropped;
    const cut = { keys: bars.ids.length - shown.length, rows: outside - beyond };
    const { layers } = groups;
    const base = baseOf(scope.frame);
    const metadata: FrameMetadata = {
      ...base,
      // The keys are the domain of their axis; that of bins has ends.
      domain: isBinned(plan) || shown.length === 0 ? base.domain : { x: shown.map(json) },
      ...groups.certificate,
      method: 'aggregate',
      rows: { total: scope.total, matched: scope.matched, drawn, outside, dropped },
      marks: marks.length,
      ...(plan.series?.kind === 'category' && { color: plan.series.info }),
      ...(cut.keys > 0 && { cut }),
    };
    const valid = Uint8Array.from(marks, ({ id }) => (id === 0 ? 0 : 1));
    const ids = marks.map(({ id }) => id - 1);
    const columns = [
      declaredColumn('key', plan.logical, {
        rows: marks.length,
        valid,
        ...(keys.strings && { strings: takenStrings(keys.strings, ids) }),
        ...(keys.stored && { stored: (i: number) => keys.stored!(ids[i]!) }),
      }),
      ...groupColumns(layers, marks, plan.series),
    ];
    return writeFrame(metadata, marks.length, columns);
  },
};

// Of several series a key has the sum where sums mean something, else the greatest: what stands out in the picture.
function barsOf(plan: BarPlan, { ids, layers }: Groups): Bars {
  const { op } = plan.layers[0]!.aggregate;
  const adds = op === 'count' || op === 'sum';
  const numbers = new Ids64();
  const ofGroup = largeUint32(ids.length);
  const isSingle = plan.slots === null;
  for (let group = 0; group < ids.length; group++) {
    // Without slots every group is a key of its own.
    ofGroup[group] = isSingle ? group : numbers.idOf(ids[group]!, 0);
  }
  const size = isSingle ? ids.length : numbers.size;
  const bars: Bars = {
    ids: largeUint32(size),
    values: largeFloat64(size).fill(NaN),
    counts: largeFloat64(size),
    ofGroup,
  };
  for (const [layer, { counts, values, valid }] of layers.entries()) {
    for (let group = 0; group < ids.length; group++) {
      const bar = ofGroup[group]!;
      bars.ids[bar] = ids[group]!;
      if (layer === 0) bars.counts[bar]! += counts[group]!;
      if (valid[group] === 0) continue;
      const known = bars.values[bar]!;
      const value = values[group]!;
      if (known !== known) bars.values[bar] = value;
      else bars.values[bar] = adds ? known + value : Math.max(known, value);
    }
  }
  return bars;
}

// The place of each bar among the listed keys, -1 for the others.
function placesOf(
  listed: readonly JsonValue[],
  { ids }: Bars,
  json: (bar: number) => JsonValue,
): Int32Array {
  const placeOf = new Map(listed.map((value, place) => [value, place]));
  return Int32Array.from(ids, (_, bar) => placeOf.get(json(bar)) ?? -1);
}

// Nulls are last in either direction, and ties stand by key.
function comesBefore(
  { sort }: BarPlan,
  { ids, values, counts }: Bars,
  places: Int32Array | null,
  compare: (a: number, b: number) => number,
): (a: number, b: number) => boolean {
  const byKey = (a: number, b: number, sign: number): number => {
    if (ids[a] === 0 || ids[b] === 0) return Number(ids[a] === 0) - Number(ids[b] === 0);
    return sign * compare(ids[a]! - 1, ids[b]! - 1);
  };
  const byNumber = (numbers: Float64Array, a: number, b: number, sign: number): number => {
    const [x, y] = [numbers[a]!, numbers[b]!];
    if (x !== x || y !== y) return Number(x !== x) - Number(y !== y);
    return x < y ? -sign : x > y ? sign : 0;
  };
  if (sort.length === 0 && places !== null) return (a, b) => places[a]! < places[b]!;
  const orders = sort.length === 0 ? LARGEST_FIRST : sort;
  return (a, b) => {
    for (const { by, descending } of orders) {
      const sign = descending ? -1 : 1;
      const order =
        by === 'key' ? byKey(a, b, sign) : byNumber(by === 'value' ? values : counts, a, b, sign);
      if (order !== 0) return order < 0;
    }
    return byKey(a, b, 1) < 0;
  };
}

function isBinned({ by }: BarPlan): boolean {
  return by.kind === 'column' && (by.as.form === 'time bins' || by.as.form === 'width bins');
}

const LARGEST_FIRST: BarPlan['sort'] = [{ by: 'value', descending: true }];

interface BarMark {
  id: number;
  layer: number;
  group: number;
  slot: number;
}

// The parts of the bars that are shown: bar by bar, in the order of their series.
function marksOf(
  plan: BarPlan,
  { slots, layers }: Groups,
  { ids, ofGroup }: Bars,
  shown: readonly number[],
): BarMark[] {
  const places = new Map(shown.map((bar, place) => [bar, place]));
  const parts: BarMark[][] = shown.map(() => []);
  for (let group = 0; group < ofGroup.length; group++) {
    const bar = ofGroup[group]!;
    const place = places.get(bar);
    if (place === undefined) continue;
    for (const layer of layers.keys()) {
      const slot = plan.series?.kind === 'columns' ? layer : slots[group]!;
      parts[place]!.push({ id: ids[bar]!, layer, group, slot });
    }
  }
  return parts.flatMap((own) => own.sort((a, b) => a.slot - b.slot));
}

function takenStrings(
  { offsets, bytes }: { offsets: Int32Array; bytes: Uint8Array },
  ids: readonly number[],
): { offsets: Int32Array; bytes: Uint8Array } {
  const ends = new Int32Array(ids.length + 1);
  for (const [i, id] of ids.entries()) {
    ends[i + 1] = ends[i]! + (id < 0 ? 0 : offsets[id + 1]! - offsets[id]!);
  }
  const taken = new Uint8Array(ends[ids.length]!);
  for (const [i, id] of ids.entries()) {
    if (id >= 0) taken.set(bytes.subarray(offsets[id], offsets[id + 1]), ends[i]);
  }
  return { offsets: ends, bytes: taken };
}
