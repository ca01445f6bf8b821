import type { FrameMetadata } from '../../../protocol/frame.js';
import { certificateOf } from '../../sample/certificate.js';
import { rowsOf } from '../../sample/sample.js';
import { completed, writeFrame } from '../../scan/frame.js';
import type { Mark, MarkedFrame, MergeScope } from '../../scan/mark.js';
import { compareXOf } from './exact-x.js';
import { lttb } from './lttb.js';
import { outlined, outlineRows, type Outlined } from './outline.js';
import {
  coarserColumns,
  heldRows,
  joinPixelColumns,
  keptRows,
  type KeptRows,
  type PixelColumns,
} from './pixel-columns.js';
import type { LinePartial, LinePlan } from './plan.js';
import { mostRows } from './points.js';
import { isSorted, openLine, seriesCount } from './scan.js';
import type { SeriesRows } from './series-rows.js';
import { lineColumns, picked, readSeries, withEnds } from './vertices.js';

/** A line of a number over x: all rows where they fit, else the rows that its picture needs. */
export const line: Mark<LinePlan, LinePartial, MarkedFrame> = {
  open: openLine,

  reads: ({ outline }, partials) => [
    ...partials.flatMap(({ points }) => (points === null ? [] : [points.rows])),
    ...partials.flatMap(({ columns }) =>
      columns.flatMap((state) => (state === undefined ? [] : [heldRows(state, outline !== null)])),
    ),
  ],

  merge(plan, partials, scope) {
    const sum = (pick: (partial: LinePartial) => number): number =>
      partials.reduce((whole, partial) => whole + pick(partial), 0);
    const drawn = sum((partial) => partial.drawn);
    const rows = rowsOf(scope, {
      drawn,
      outside: sum(({ outside }) => outside),
      dropped: sum(({ dropped }) => dropped),
    });
    const { method, series } = chooseRows(plan, partials, drawn, scope);
    const { columns, marks } = lineColumns(plan, series, scope.room);
    const info = plan.series?.kind === 'category' ? plan.series.info : undefined;
    const metadata = completed(scope.frame, {
      method,
      ...(scope.sample === undefined
        ? fidelityOf(method, rows.drawn)
        : certificateOf(scope.sample, () => ({
            drawn: partials.map((partial) => partial.drawn),
            caution: 'a peak between the rows read is missing',
          }))),
      rows,
      marks,
      origin: { x: String(plan.offset.origin), y: '0' },
      ...(info && { color: info }),
    });
    return writeFrame(metadata, marks, columns);
  },
};

type Method = 'points' | 'm4' | 'outline' | 'minmax' | 'lttb' | 'minmaxlttb';

function fidelityOf(method: Method, drawn: number): Pick<FrameMetadata, 'exact' | 'bound'> {
  // An outline holds the rows of m4.
  if (method === 'points' || method === 'm4' || method === 'outline') return { exact: true };
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
  const chosen = partials[0]?.chosen;
  if (chosen !== undefined) {
    const series = chosen.map((rows, s) =>
      readSeries(plan, scope.table, s, { rows, ys: null }, scope.check),
    );
    return { method: 'lttb', series };
  }
  const columns = joinColumns(plan, partials, scope);
  const compare = isSorted(plan) ? null : compareXOf(plan, scope.table);
  const { room } = scope;
  const read = (s: number, kept: KeptRows): SeriesRows =>
    readSeries(plan, scope.table, s, kept, scope.check, room);
  const present = [...columns.entries()].flatMap(([s, state]) =>
    state === undefined ? [] : [{ s, state }],
  );

  const all = isAllWanted(plan, drawn) ? joinPoints(partials, mostRows(plan)) : null;
  const outline = (choose: (s: number, state: PixelColumns) => SeriesRows): SeriesRows[] => {
    const drawnAs = plan.outline!;
    const vertices = present.map(({ s, state }): Outlined => {
      scope.check();
      const coarser = coarserColumns(state, drawnAs.finer, compare, room);
      const { rows } = keptRows(coarser, true, compare, room);
      return { series: choose(s, state), wanted: rows };
    });
    return outlined(vertices, drawnAs, plan.logY, scope.check);
  };
  if (all !== null) {
    const everyRow = (s: number, state: PixelColumns): SeriesRows => {
      scope.check();
      const inside = all.slots === null ? all.rows : all.rows.filter((_, i) => all.slots![i] === s);
      // What lies beyond the domain was kept with the pixel columns.
      const beyond = keptRows({ ...state, ...NO_COLUMNS }, false, compare);
      return read(s, { rows: merged(inside, beyond.rows), ys: null });
    };
    const { method } = plan;
    if (method === 'outline' && drawn * ys.length > budget) {
      return { method, series: outline(everyRow) };
    }
    const series = present.map(({ s, state }) => everyRow(s, state));
    if (method !== 'lttb') return { method: 'points', series };
    return {
      method,
      series: series.map((one) => thinned(one, budget / present.length, scope.check)),
    };
  }
  if (plan.method === 'outline') {
    const isInOrder = plan.ascending && plan.series?.kind !== 'category';
    const withNeighbours = isInOrder && scope.matched === scope.total;
    const series = outline((s, state) =>
      read(s, outlineRows(keptRows(state, true, compare, room), state, withNeighbours)),
    );
    return { method: plan.method, series };
  }
  if (partials.some(({ extremes }) => extremes !== undefined)) {
    const share = budget / Math.max(1, ys.length, present.length);
    const series = present.map(({ s, state }) => {
      const ends = read(s, keptRows(state, true, compare));
      const parts = partials.map(({ extremes }) => extremes![s]!);
      return thinned(withEnds(parts, ends), share, scope.check);
    });
    return { method: 'minmaxlttb', series };
  }
  const isM4 = plan.method !== 'minmax' && plan.method !== 'minmaxlttb';
  const series = present.map(({ s, state }) => {
    scope.check();
    return read(s, keptRows(state, isM4, compare, room));
  });
  if (plan.method !== 'minmaxlttb') return { method: isM4 ? 'm4' : 'minmax', series };
  const share = budget / Math.max(1, ys.length, present.length);
  return { method: 'minmaxlttb', series: series.map((one) => thinned(one, share, scope.check)) };
}

function isAllWanted({ method, budget, ys, outline }: LinePlan, drawn: number): boolean {
  if (method === 'lttb') return true;
  if (outline !== null) return drawn * ys.length <= Math.max(budget, outline.mostSeen);
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

function joinPoints(
  partials: readonly LinePartial[],
  most: number,
): NonNullable<LinePartial['points']> | null {
  let count = 0;
  for (const { points } of partials) {
    if (points === null) return null;
    count += points.rows.length;
  }
  // Each part had room for its own: with gaps, together they may be more than one would have kept.
  if (count > most) return null;
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

// Both ascend, and the few rows beyond the domain are none of those inside.
function merged(inside: Uint32Array, beyond: Uint32Array): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(inside.length + beyond.length);
  for (let i = 0, k = 0; i + k < rows.length;) {
    const takesInside = k === beyond.length || inside[i]! < beyond[k]!;
    rows[i + k] = takesInside ? inside[i]! : beyond[k]!;
    if (takesInside) i++;
    else k++;
  }
  return rows;
}

// Of each stretch without a point only its first row stays, and only between points that stay.
function thinned(series: SeriesRows, budget: number, check: () => void): SeriesRows {
  const { x, y, isPoint } = series;
  const most = Math.max(2, Math.floor(budget));
  // A hundred thousand points take longer to be copied than to be chosen from.
  if (!isPoint.includes(0)) return picked(series, lttb(x, y, most, check), check);
  const places = new Uint32Array(isPoint.length);
  let count = 0;
  for (let i = 0; i < isPoint.length; i++) if (isPoint[i] === 1) places[count++] = i;
  const points = picked(series, places.subarray(0, count), check);
  const chosen = lttb(points.x, points.y, most, check);
  const kept = new Uint32Array(chosen.length * 2);
  let size = 0;
  let before = -1;
  for (const position of chosen) {
    const i = places[position]!;
    const gap = isPoint.subarray(before + 1, i).indexOf(0);
    if (before >= 0 && gap >= 0) kept[size++] = before + 1 + gap;
    kept[size++] = i;
    before = i;
  }
  return picked(series, kept.subarray(0, size), check);
}
