import type { ColumnInfo, JsonValue } from '../../protocol/column.js';
import { NANOSECONDS, parseClock, parseTime } from '../../protocol/time.js';
import type { Logical } from '../../workers/storage.js';
import { HalftoneError } from '../errors.js';
import { exactNumber, type Exact } from './exact-number.js';

/** What has to be known of a column to read values for it. */
export interface BoundColumn {
  name: string;
  info: Pick<ColumnInfo, 'type'>;
  logical: Logical;
}

/** A value of the query that does not fit the type of its column. */
export function mismatch(
  ref: BoundColumn,
  field: string,
  value: unknown,
  hint: string,
): HalftoneError {
  return new HalftoneError(
    'TYPE_MISMATCH',
    `The column "${ref.name}" is ${ref.info.type}, and ${JSON.stringify(value)} does not fit it.`,
    { field, hint },
  );
}

/** A value for a column of numbers as a double; non-finite ones are named. */
export function floatOf(value: JsonValue, ref: BoundColumn, field: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') {
    if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
    if (exactNumber(value) !== undefined) return Number(value);
  }
  throw mismatch(ref, field, value, 'Give a number, or "NaN", "Infinity" or "-Infinity".');
}

/**
 * A value for a column of integers, decimals or times, exactly, counted in the column's stored integers:
 * 0.1 is ten of a decimal of scale 2, 1.5 lies between two integers, a time of day lies between two dates.
 */
export function integerBound(value: JsonValue, ref: BoundColumn, field: string): Exact {
  const { logical } = ref;
  if (logical.kind === 'time' || logical.kind === 'clock') {
    const parse = logical.kind === 'time' ? parseTime : parseClock;
    const nanoseconds = typeof value === 'string' ? parse(value) : undefined;
    if (nanoseconds === undefined) {
      const example = logical.kind === 'time' ? '2001-01-31 or 2001-01-31T10:20:30Z' : '10:20:30';
      throw mismatch(
        ref,
        field,
        value,
        `Give an ISO 8601 time such as ${example}, to the nanosecond at most.`,
      );
    }
    return { numerator: nanoseconds, denominator: NANOSECONDS[logical.unit] };
  }
  const exact =
    typeof value === 'number' || typeof value === 'string' ? exactNumber(value) : undefined;
  if (exact === undefined)
    throw mismatch(ref, field, value, 'Give a number, or its digits as a string.');
  const scale = logical.kind === 'decimal' ? logical.scale : 0;
  return { numerator: exact.numerator * 10n ** BigInt(scale), denominator: exact.denominator };
}

/** The bytes that a base64 string stands for. */
export function fromBase64(value: string, ref: BoundColumn, field: string): Uint8Array {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== value.replace(/=+$/, '')) {
    throw mismatch(ref, field, value, 'Bytes are written in base64.');
  }
  return new Uint8Array(bytes);
}
