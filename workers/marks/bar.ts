import type { FrameMetadata } from '../../protocol/frame.js';
import { declaredColumn } from '../declared/column.js';
import { openGroups } from '../groups/accumulate.js';
import { joinGroups } from '../groups/join.js';
import type { Groups, GroupsPartial, GroupsPlan } from '../groups/plan.js';
import { baseOf, nullableColumn, plainColumn, writeFrame } from '../scan/frame.js';
import type { Mark, MarkedFrame } from '../scan/mark.js';
import { columnOf } from '../scan/values.js';
import type { Logical } from '../storage.js';
import { tallyValues } from '../tally/key.js';
import type { LineSeries } from './line/plan.js';
import { seriesColumn } from './line/vertices.js';

export interface BarPlan extends GroupsPlan {
  kind: 'bar';
  column: number;
  /** What the keys are: the column's own values, or the starts of bins. */
  logical: Logical;
  series: LineSeries | null;
  limit: number;
  sort: { by: 'key' | 'value' | 'count'; descending: boolean }[];
}

/** One key with all its rows, over all series. */
interface Bar {
  /** The key's id: 0 is null. */
  id: number;
  /** The first of the values by which bars are put in order; null where an aggregate had nothing. */
  value: number | null;
  count: number;
  /** Layer and group of each of its series. */
  parts: { layer: number; group: number; slot: number }[];
}

/** One bar for each value of a column, and each series of it. */
export const bar: Mark<BarPlan, GroupsPartial, MarkedFrame> = {
  open: openGroups,

  merge(plan, partials, scope) {
    const groups = joinGroups(plan, partials, scope);
    const keys = tallyValues(
      scope.table,
      { ...columnOf(scope.table, plan.column), logical: plan.logical },
      { keys: groups.keys! },
    );
    scope.check();
    const bars = barsOf(plan, groups);
    const compareKeys = (a: Bar, b: Bar): number => {
      if (a.id === 0 || b.id === 0) return Number(a.id === 0) - Number(b.id === 0);
      return a.id === b.id ? 0 : keys.compare(a.id - 1, b.id - 1);
    };
    bars.sort((a, b) => {
      for (const { by, descending } of plan.sort) {
        const order = by === 'key' ? compareKeys(a, b) : compareNumbers(a[by], b[by]);
        if (order === 0) continue;
        // Nulls are last either way.
        const hasNull = by === 'key' ? a.id === 0 || b.id === 0 : a[by] === null || b[by] === null;
        return descending && !hasNull ? -order : order;
      }
      return compareKeys(a, b);
    });
    scope.check();
    const shown = bars.slice(0, plan.limit);
    const cut = bars.slice(plan.limit);
    const marks = shown.flatMap(({ id, parts }) => parts.map((part) => ({ id, ...part })));
    const drawn = shown.reduce((sum, { count }) => sum + count, 0);
    const cutRows = cut.reduce((sum, { count }) => sum + count, 0);
    const { layers } = groups;
    const metadata: FrameMetadata = {
      ...baseOf(scope.frame),
      method: 'aggregate',
      exact: true,
      rows: { total: scope.total, matched: scope.matched, drawn, outside: cutRows, dropped: 0 },
      marks: marks.length,
      ...(plan.series?.kind === 'category' && { color: plan.series.info }),
      ...(cut.length > 0 && { cut: { keys: cut.length, rows: cutRows } }),
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
      nullableColumn(
        { name: 'value', type: { type: 'float', bits: 64 } },
        Float64Array.from(marks, ({ layer, group }) => layers[layer]!.values[group]!),
        Uint8Array.from(marks, ({ layer, group }) => layers[layer]!.valid[group]!),
      ),
      plainColumn(
        { name: 'count', type: { type: 'int', bits: 32, signed: false } },
        Uint32Array.from(marks, ({ layer, group }) => layers[layer]!.counts[group]!),
      ),
    ];
    if (plan.series !== null) {
      columns.push(
        seriesColumn(
          plan.series,
          Uint16Array.from(marks, ({ slot }) => slot),
        ),
      );
    }
    return writeFrame(metadata, marks.length, columns);
  },
};

// Of several series a key has the sum where sums mean something, else the greatest: what stands out in the picture.
function barsOf(plan: BarPlan, { ids, slots, layers }: Groups): Bar[] {
  const bars = new Map<number, Bar>();
  const { op } = plan.layers[0]!.aggregate;
  const adds = op === 'count' || op === 'sum';
  for (const [group, id] of ids.entries()) {
    let bar = bars.get(id);
    if (bar === undefined) bars.set(id, (bar = { id, value: null, count: 0, parts: [] }));
    for (const [layer, { counts, values, valid }] of layers.entries()) {
      const value = values[group]!;
      if (valid[group] === 1) {
        if (bar.value === null) bar.value = value;
        else bar.value = adds ? bar.value + value : Math.max(bar.value, value);
      }
      if (layer === 0) bar.count += counts[group]!;
      bar.parts.push({
        layer,
        group,
        slot: plan.series?.kind === 'columns' ? layer : slots[group]!,
      });
    }
  }
  for (const { parts } of bars.values())
    if (parts.length > 1) parts.sort((a, b) => a.slot - b.slot);
  return [...bars.values()];
}

// Null after all numbers.
function compareNumbers(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a < b ? -1 : a > b ? 1 : 0;
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
