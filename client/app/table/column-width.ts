import type { ColumnInfo } from '../../../protocol/column.js';

/** Pixels that a column may grow to where there is room: texts are read on, and a double has 17 digits, zeros before them and a sign. */
const MOST_TEXT = 420;
const MOST_NUMBER = 200;
/** The point and the digits of a fraction of a second, by the unit of a time. */
const FRACTION = { day: 0, s: 0, ms: 4, us: 7, ns: 10 } as const;
const DIGIT = 7.5;

/** How wide the columns of a table are in `room` pixels: what the narrow ones leave is shared by those that may need it. */
export function widthsOf(columns: readonly ColumnInfo[], room: number): number[] {
  const least = columns.map(leastWidth);
  const wants = columns.map((column, at) => Math.max(0, mostWidth(column) - least[at]!));
  const total = (widths: readonly number[]): number => widths.reduce((sum, each) => sum + each, 0);
  const share = Math.min(1, Math.max(0, room - total(least)) / Math.max(1, total(wants)));
  return least.map((width, at) => width + Math.floor(wants[at]! * share));
}

/** Wide enough for what the kind needs and the name, within reason. */
function leastWidth(column: ColumnInfo): number {
  const byKind = {
    number: column.integer ? 96 : 120,
    time: column.unit === 'day' ? 100 : column.zoned ? 208 : 172,
    clock: 96,
    text: 150,
    boolean: 76,
    binary: 150,
  };
  return Math.min(280, Math.max(byKind[column.kind], column.name.length * DIGIT + 36));
}

function mostWidth(column: ColumnInfo): number {
  const { kind, integer, unit = 's' } = column;
  if (kind === 'time') return leastWidth(column) + FRACTION[unit] * DIGIT;
  if (kind === 'text' || kind === 'binary') return MOST_TEXT;
  return kind === 'number' && !integer ? MOST_NUMBER : 0;
}
