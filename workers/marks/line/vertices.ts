import type { TableView } from '../../columns.js';
import { OWN_ROOM, type Room } from '../../kernels/room.js';
import {
  dictionaryOf,
  narrowest,
  nullableColumn,
  plainColumn,
  type FrameColumn,
} from '../../scan/frame.js';
import { ROWS_A_LOOK } from '../../scan/cancel.js';
import { gatherDoubles, gatherOffsets } from '../../scan/gather.js';
import { keptSlots } from '../../scan/slots.js';
import { compareXOf } from './exact-x.js';
import type { CompareX, KeptRows } from './pixel-columns.js';
import type { LinePlan } from './plan.js';
import type { SeriesRows } from './series-rows.js';

/** Reads x and y of rows that ascend, and puts them in the order of x; `check` is called now and then. */
export function readSeries(
  plan: LinePlan,
  table: TableView,
  s: number,
  { rows, ys }: KeptRows,
  check: () => void,
  room: Room = OWN_ROOM,
): SeriesRows {
  const { origin } = plan.offset;
  const x =
    typeof origin === 'bigint'
      ? gatherOffsets(table, plan.x.column, rows, origin, check, room)
      : gatherDoubles(table, plan.x.column, rows, null, check, room);
  if (typeof origin === 'number' && origin !== 0) {
    for (let i = 0; i < x.length; i++) x[i]! -= origin;
  }
  const y = gatherDoubles(table, plan.ys[plan.ys.length === 1 ? 0 : s]!, rows, ys, check, room);
  const above = plan.logY ? 0 : -Infinity;
  const isPoint = room.u8(rows.length);
  for (let i = 0; i < y.length; i++) isPoint[i] = y[i]! > above && y[i]! < Infinity ? 1 : 0;
  const series = { s, rows, x, y, isPoint };
  // Where x ascends with the rows, they stand in its order.
  if (plan.ascending) return series;
  const compare = compareXOf(plan, table);
  return isInOrder(x, rows, compare, check) ? series : inOrder(series, compare, check);
}

function isInOrder(
  x: Float64Array,
  rows: Uint32Array,
  compare: CompareX,
  check: () => void,
): boolean {
  for (let i = 1; i < x.length; i++) {
    if (i % ROWS_A_LOOK === 0) check();
    if (x[i]! < x[i - 1]!) return false;
    if (compare !== null && x[i] === x[i - 1] && compare(rows[i - 1]!, rows[i]!) > 0) return false;
  }
  return true;
}

function inOrder(
  { s, rows, x, y, isPoint }: SeriesRows,
  compare: CompareX,
  check: () => void,
): SeriesRows {
  let comparisons = 0;
  // Rows ascend: of equal x the first row comes first.
  const order = Uint32Array.from(rows.keys()).sort((a, b) => {
    if (comparisons++ % ROWS_A_LOOK === 0) check();
    return x[a]! - x[b]! || (compare === null ? 0 : compare(rows[a]!, rows[b]!)) || a - b;
  });
  return picked({ s, rows, x, y, isPoint }, order, check);
}

/** The vertices of a series at these positions; `check` is called now and then. */
export function picked(
  { s, rows, x, y, isPoint }: SeriesRows,
  order: Uint32Array,
  check: () => void,
): SeriesRows {
  const count = order.length;
  const result = emptySeries(s, count);
  for (let k = 0; k < count; k++) {
    if (k % ROWS_A_LOOK === 0) check();
    const i = order[k]!;
    result.rows[k] = rows[i]!;
    result.x[k] = x[i]!;
    result.y[k] = y[i]!;
    result.isPoint[k] = isPoint[i]!;
  }
  return result;
}

/** Parts of a series that follow one another, and a few of its rows that may be among theirs: all in order, each once. */
export function withEnds(parts: readonly SeriesRows[], ends: SeriesRows): SeriesRows {
  const most = parts.reduce((sum, { rows }) => sum + rows.length, ends.rows.length);
  const all = emptySeries(ends.s, most);
  let count = 0;
  let next = 0;
  const copy = (from: SeriesRows, start: number, end: number): void => {
    all.rows.set(from.rows.subarray(start, end), count);
    all.x.set(from.x.subarray(start, end), count);
    all.y.set(from.y.subarray(start, end), count);
    all.isPoint.set(from.isPoint.subarray(start, end), count);
    count += end - start;
  };
  for (const part of parts) {
    const { rows } = part;
    let done = 0;
    for (; next < ends.rows.length && ends.rows[next]! <= (rows.at(-1) ?? -1); next++) {
      const row = ends.rows[next]!;
      let at = done;
      while (rows[at]! < row) at++;
      copy(part, done, at);
      done = at;
      if (rows[at] !== row) copy(ends, next, next + 1);
    }
    copy(part, done, rows.length);
  }
  copy(ends, next, ends.rows.length);
  const { s, rows, x, y, isPoint } = all;
  return {
    s,
    rows: rows.subarray(0, count),
    x: x.subarray(0, count),
    y: y.subarray(0, count),
    isPoint: isPoint.subarray(0, count),
  };
}

function emptySeries(s: number, count: number): SeriesRows {
  return {
    s,
    rows: new Uint32Array(count),
    x: new Float64Array(count),
    y: new Float64Array(count),
    isPoint: new Uint8Array(count),
  };
}

/** The columns of a line's frame: x, y, row and the series. */
export function lineColumns(
  plan: LinePlan,
  series: readonly SeriesRows[],
  room: Room = OWN_ROOM,
): { columns: FrameColumn[]; marks: number } {
  const { rows, x, y, isPoint, slots } = joined(series);
  const marks = rows.length;
  const narrowY = areFloats(y, isPoint);
  const xBits = plan.offset.bits;
  const columns = [
    plainColumn(
      { name: 'x', type: { type: 'float', bits: xBits } },
      xBits === 32 ? narrowed(x, room) : x,
    ),
    nullableColumn(
      { name: 'y', type: { type: 'float', bits: narrowY ? 32 : 64 } },
      narrowY ? narrowed(y, room) : y,
      isPoint,
    ),
    plainColumn({ name: 'row', type: { type: 'int', bits: 32, signed: false } }, rows),
  ];
  if (plan.series !== null) columns.push(seriesColumn(plan.series, slots));
  return { columns, marks };
}

function narrowed(values: Float64Array, room: Room): Float32Array {
  const floats = room.f32(values.length);
  floats.set(values);
  return floats;
}

/** The vertices of all series, one after another. */
function joined(
  series: readonly SeriesRows[],
): Omit<SeriesRows, 's'> & { slots: Uint16Array<ArrayBuffer> } {
  const marks = series.reduce((sum, { rows }) => sum + rows.length, 0);
  const slots = new Uint16Array(marks);
  if (series.length === 1) {
    const [one] = series as [SeriesRows];
    return { ...one, slots: slots.fill(one.s) };
  }
  const all = {
    rows: new Uint32Array(marks),
    x: new Float64Array(marks),
    y: new Float64Array(marks),
    isPoint: new Uint8Array(marks),
    slots,
  };
  let at = 0;
  for (const one of series) {
    all.x.set(one.x, at);
    all.y.set(one.y, at);
    all.rows.set(one.rows, at);
    all.isPoint.set(one.isPoint, at);
    slots.fill(one.s, at, at + one.rows.length);
    at += one.rows.length;
  }
  return all;
}

/** Whether every y survives as a float32. */
function areFloats(y: Float64Array, isPoint: Uint8Array): boolean {
  for (let i = 0; i < y.length; i++) {
    if (isPoint[i] !== 0 && Math.fround(y[i]!) !== y[i]) return false;
  }
  return true;
}

/** The series of each mark as a dictionary of the labels that occur; the null of a category is null. */
export function seriesColumn(
  series: NonNullable<LinePlan['series']>,
  slots: Uint16Array,
): FrameColumn {
  const ofNull = series.kind === 'category' ? keptSlots(series.slots) : -1;
  const codeOf = new Map<number, number>();
  const labels: string[] = [];
  for (const slot of slots) {
    if (slot === ofNull || codeOf.has(slot)) continue;
    codeOf.set(slot, labels.length);
    labels.push(series.labels[slot]!);
  }
  const { bits, Numbers } = narrowest(Math.max(0, labels.length - 1));
  const codes = new Numbers(slots.length);
  for (let i = 0; i < slots.length; i++) codes[i] = codeOf.get(slots[i]!) ?? 0;
  const valid = Uint8Array.from(slots, (slot) => (slot === ofNull ? 0 : 1));
  const field = { name: 'series', type: { type: 'utf8' }, dictionary: { id: 0, bits } } as const;
  return { ...nullableColumn(field, codes, valid), dictionary: dictionaryOf(0, labels) };
}
