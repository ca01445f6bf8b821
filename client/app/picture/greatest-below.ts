import type { ColumnInfo } from '../../../protocol/column.js';
import type { Bound } from '../../../protocol/query.js';
import { millisOf, timeOf } from '../../../protocol/view/time.js';

/** The greatest value of a column below `end`, as an address has it, which knows ranges with both ends alone. */
export function greatestBelow(
  end: Bound,
  column: Pick<ColumnInfo, 'kind' | 'unit' | 'zoned' | 'integer'>,
): string {
  if (typeof end === 'number') {
    return String(column.integer ? Math.ceil(end) - 1 : doubleBelow(end));
  }
  if (column.unit === 'day') return timeOf(millisOf(end) - 1, column);
  const isClock = column.kind === 'clock';
  const [, whole, digits = ''] = /^([^.]*?)(?:\.(\d+))?Z?$/u.exec(end)!;
  const nanoseconds = Number(digits.padEnd(9, '0'));
  const millis = millisOf(isClock ? `1970-01-01T${whole!}` : whole!);
  // The second before, where the end is a whole one.
  const iso = new Date(nanoseconds > 0 ? millis : millis - 1000).toISOString();
  const fraction = nanoseconds > 0 ? nanoseconds - 1 : 999_999_999;
  const text = `${iso.slice(0, -5)}.${String(fraction).padStart(9, '0')}`;
  return isClock ? text.slice(11) : `${text}${column.zoned ? 'Z' : ''}`;
}

/** The double next to `value`, downward. */
function doubleBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  const bits = new BigInt64Array(new Float64Array([value]).buffer);
  bits[0] = bits[0]! + (value > 0 ? -1n : 1n);
  return new Float64Array(bits.buffer)[0]!;
}
