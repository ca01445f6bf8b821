import type { AddressFilter } from '../../../protocol/address/view.js';
import type { ColumnInfo } from '../../../protocol/column.js';
import { positionOf } from '../../../protocol/view/columns.js';
import { valueOf } from '../../../protocol/view/query-filters.js';
import { timeOf } from '../../../protocol/view/time.js';

/** The track of a range control, in positions: numbers, or milliseconds since 1970. */
export interface Span {
  low: number;
  high: number;
}

/** A position on the track as the address writes it: whole on whole columns, else to a thousandth of the track. */
export function textAt(position: number, column: ColumnInfo, { low, high }: Span): string {
  if (column.kind === 'time') {
    // A drag chooses whole seconds, and whole minutes or days on longer tracks: nobody aims finer with a mouse.
    const steps = [1, 1000, 60_000, 3_600_000, 86_400_000];
    const step = steps.findLast((each) => each <= (high - low) / 500) ?? 1;
    return timeOf(Math.round(position / step) * step, column);
  }
  if (column.kind === 'clock')
    return new Date(Math.round(position / 1000) * 1000).toISOString().slice(11, 19);
  if (column.integer) return String(Math.round(position));
  const digits = high > low ? Math.max(0, 3 - Math.floor(Math.log10(high - low))) : 0;
  return String(Number(position.toFixed(Math.min(20, digits))));
}

/** Where the ends of a filter stand on the track; a free end stands at the end of the track. */
export function endsOn(
  { low, high }: Span,
  filter: AddressFilter | undefined,
  column: ColumnInfo,
): [number, number] {
  const ends = filter?.op === 'range' ? filter : undefined;
  const place = (text: string | undefined, free: number): number => {
    const value = text === undefined ? undefined : valueOf(text, column);
    const position = positionOf(value, column);
    return Number.isNaN(position) ? free : Math.min(high, Math.max(low, position));
  };
  return [place(ends?.min, low), place(ends?.max, high)];
}

/** A range of `column`; undefined where both ends are free. */
export function rangeOf(
  column: string,
  min: string | undefined,
  max: string | undefined,
): AddressFilter | undefined {
  if (min === undefined && max === undefined) return undefined;
  return {
    op: 'range',
    column,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}
