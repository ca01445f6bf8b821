import type { FrameMetadata } from '../../../protocol/frame.js';
import { baseOf, writeFrame } from '../../scan/frame.js';
import type { Mark, MarkedFrame, MergeScope } from '../../scan/mark.js';
import { compareXOf } from './exact-x.js';
import { lttb } from './lttb.js';
import { joinPixelColumns, keptRows } from './pixel-columns.js';
import type { LinePartial, LinePlan } from './plan.js';
import { isSorted, openLine, seriesCount } from './scan.js';
import { lineColumns, readSeries, type SeriesRows } from './vertices.js';

/** A line of a number over x: all rows where they fit, else the rows that its picture needs. */
export const line: Mark<LinePlan, LinePartial, MarkedFrame> = {
  open: openLine,

  merge(plan, partials, scope) {
    const sum = (pick: (partial: LinePartial) => number): number =>
      partials.reduce((whole, partial) => whole + pick(partial), 0);
    const rows = {
      total: scope.total,
      matched: scope.matched,
      drawn: sum(({ drawn }) => drawn),
      outside: sum(({ outside }) => outside),
      dropped: sum(({ dropped }) => dropped),
    };
    const { method, series } = chooseRows(plan, partials, rows.drawn, scope);
    const { columns, marks } = lineColumns(plan, series);
    const info = plan.series?.kind === 'category' ? plan.series.info : undefined;
    const metadata: FrameMetadata = {
      ...baseOf(scope.frame),
      method,
      ...certificateOf(method, rows.drawn),
      rows,
      marks,
      origin: { x: String(plan.offset.origin), y: '0' },
      ...(info && { color: info }),
    };
    return writeFrame(metadata, marks, columns);
  },
};

type Method = 'points' | 'm4' | 'minmax' | 'lttb' | 'minmaxlttb';

function certificateOf(method: Method, drawn: number): Pick<FrameMetadata, 'exact' | 'bound'> {
  if (method === 'points' || method === 'm4') return { exact: true };
  const bound =
    method === 'minmax'
      ? 'the least and the greatest row of each pixel column are there, the first and the last may not be'
      : `a choice among ${drawn} rows`;
  return { exact: false, bound };
}

// The rows of each series to be sent, in order of x, and how they were chosen.
function chooseRows(
  plan: LinePlan,
  partials: readonly LinePartial[],
  drawn: number,
  scope: MergeScope,
): { method: Method; series: SeriesRows[] } {
  const { budget, ys } = plan;
  const columns = joinColumns(plan, partials, scope);
  const compare = isSorted(plan) ? null : compareXOf(plan, scope.table);
  const read = (s: number, rows: Uint32Array<ArrayBuffer>): SeriesRows =>
    readSeries(plan, scope.table, s, rows);
  const present = [...columns.entries()].flatMap(([s, state]) =>
    state === undefined ? [] : [{ s, state }],
  );

  const all = isAllWanted(plan, drawn) ? joinPoints(partials) : null;
  if (all !== null) {
    const series = present.map(({ s, state }) => {
      scope.check();
      const inside = all.slots === null ? all.rows : all.rows.filter((_, i) => all.slots![i] === s);
      // What lies beyond the domain was kept with the pixel columns.
      const beyond = keptRows({ ...state, ...NO_COLUMNS }, false, compare);
      return read(s, merged(inside, beyond));
    });
    if (plan.method !== 'lttb') return { method: 'points', series };
    return { method: 'lttb', series: series.map((one) => thinned(one, budget / present.length)) };
  }
  const isM4 = plan.method !== 'minmax' && plan.method !== 'minmaxlttb';
  const series = present.map(({ s, state }) => {
    scope.check();
    return read(s, keptRows(state, isM4, compare));
  });
  if (plan.method !== 'minmaxlttb') return { method: isM4 ? 'm4' : 'minmax', series };
  const share = budget / Math.max(1, ys.length, present.length);
  return { method: 'minmaxlttb', series: series.map((one) => thinned(one, share)) };
}

function isAllWanted({ method, budget, ys }: LinePlan, drawn: number): boolean {
  if (method === 'lttb') return true;
  return (method === 'auto' || method === 'points') && drawn * ys.length <= budget;
}

const EMPTY = new Uint32Array(0);
const NO_COLUMNS = {
  first: EMPTY,
  last: EMPTY,
  least: EMPTY,
  greatest: EMPTY,
  firstGap: EMPTY,
  lastGap: EMPTY,
};

function joinColumns(
  plan: LinePlan,
  partials: readonly LinePartial[],
  { table, check }: MergeScope,
): LinePartial['columns'] {
  const compare = isSorted(plan) ? null : compareXOf(plan, table);
  const whole: LinePartial['columns'] = Array.from({ length: seriesCount(plan) });
  for (const { columns } of partials) {
    for (const [s, from] of columns.entries()) {
      check();
      if (from === undefined) continue;
      const into = whole[s];
      if (into === undefined) whole[s] = from;
      else joinPixelColumns(into, from, compare);
    }
  }
  return whole;
}

function joinPoints(partials: readonly LinePartial[]): NonNullable<LinePartial['points']> | null {
  let count = 0;
  for (const { points } of partials) {
    if (points === null) return null;
    count += points.rows.length;
  }
  const rows = new Uint32Array(count);
  const slots = partials.some(({ points }) => points?.slots) ? new Uint16Array(count) : null;
  let at = 0;
  for (const { points } of partials) {
    rows.set(points!.rows, at);
    if (points!.slots !== null) slots?.set(points!.slots, at);
    at += points!.rows.length;
  }
  return { rows, slots };
}

function merged(a: Uint32Array, b: Uint32Array): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(a.length + b.length);
  rows.set(a);
  rows.set(b, a.length);
  return rows.sort();
}

// Of each stretch without a point only its first row stays, and only between points that stay.
function thinned(series: SeriesRows, budget: number): SeriesRows {
  const { isPoint, x, y } = series;
  const points = Uint32Array.from(isPoint.keys()).filter((i) => isPoint[i] === 1);
  const chosen = lttb(
    Float64Array.from(points, (i) => x[i]!),
    Float64Array.from(points, (i) => y[i]!),
    Math.max(2, Math.floor(budget)),
  );
  const kept: number[] = [];
  let before = -1;
  for (const position of chosen) {
    const i = points[position]!;
    const gap = isPoint.subarray(before + 1, i).indexOf(0);
    if (before >= 0 && gap >= 0) kept.push(before + 1 + gap);
    kept.push(i);
    before = i;
  }
  return {
    s: series.s,
    rows: Uint32Array.from(kept, (i) => series.rows[i]!),
    x: Float64Array.from(kept, (i) => x[i]!),
    y: Float64Array.from(kept, (i) => y[i]!),
    isPoint: Uint8Array.from(kept, (i) => isPoint[i]!),
  };
}
