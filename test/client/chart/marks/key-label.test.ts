import { expect, test } from 'vitest';
import type { ArrowType } from '../../../../protocol/arrow-type.js';
import { binLabel, keyLabel, keyValue } from '../../../../client/chart/marks/key-label.js';
import type { Column, Numbers } from '../../../../client/data/arrow/column.js';

const COLUMN = {
  name: 'key',
  length: 1,
  nullCount: 0,
  validity: null,
  offsets: null,
  dictionary: null,
};

/** The label of the first row, and what a filter calls it. */
function keyOf(type: ArrowType, values: Numbers, offsets: Int32Array | null = null): unknown[] {
  const column: Column = { ...COLUMN, type, values, offsets };
  return [keyLabel(column, 0), keyValue(column, 0)];
}

test('keys of times have every digit, and the day alone where it begins', () => {
  const nanos = { type: 'timestamp', unit: 'ns' } as const;
  const at = (value: bigint): BigInt64Array => new BigInt64Array([value]);
  const precise = '2020-09-13T12:26:40.123456789';
  expect(keyOf(nanos, at(1_600_000_000_123_456_789n))).toEqual([precise, precise]);
  const zoned = { type: 'timestamp', unit: 's', timeZone: 'UTC' } as const;
  expect(keyOf(zoned, at(978_307_200n))).toEqual(['2001-01-01', '2001-01-01']);
  expect(keyOf({ type: 'date' }, new Int32Array([-1]))).toEqual(['1969-12-31', '1969-12-31']);
  expect(keyOf({ type: 'time', unit: 'us' }, at(46_800_500_000n))).toEqual([
    '13:00:00.5',
    '13:00:00.5',
  ]);
});

test('bins of a calendar are called by what of the day they are, in the zone', () => {
  const named = (text: string, unit: string, timeZone?: string): string => {
    const values = new BigInt64Array([BigInt(Date.parse(text)) / 1000n]);
    const type = { type: 'timestamp', unit: 's', timeZone: 'UTC' } as const;
    return binLabel({ ...COLUMN, type, values }, 0, unit, timeZone);
  };
  expect(named('2026-07-01T00:00Z', 'year')).toBe('2026');
  expect(named('2026-07-01T00:00Z', 'month')).toBe('2026-07');
  expect(named('2026-06-30T22:00Z', 'month', 'Europe/Berlin')).toBe('2026-07');
  expect(named('2026-06-30T22:00Z', 'day', 'Europe/Berlin')).toBe('2026-07-01');
  // An hour that comes twice has two names.
  expect(named('2026-10-25T00:00Z', 'hour', 'Europe/Berlin')).toBe('2026-10-25 02:00:00+02:00');
  expect(named('2026-10-25T01:00Z', 'hour', 'Europe/Berlin')).toBe('2026-10-25 02:00:00+01:00');
});

test('keys of numbers are numbers to a filter, but for those that JSON does not hold', () => {
  const wide = { type: 'int', bits: 64, signed: true } as const;
  expect(keyOf(wide, new BigInt64Array([7n]))).toEqual(['7', 7]);
  expect(keyOf(wide, new BigInt64Array([2n ** 60n]))).toEqual([
    String(2n ** 60n),
    String(2n ** 60n),
  ]);
  expect(keyOf({ type: 'float', bits: 64 }, new Float64Array([Number.NaN]))).toEqual([
    'NaN',
    'NaN',
  ]);
  const money = { type: 'decimal', precision: 9, scale: 2 } as const;
  expect(keyOf(money, new Uint32Array([1050, 0, 0, 0]))).toEqual(['10.50', '10.50']);
});

test('what is missing has a name, and is a null to a filter', () => {
  const none = { type: 'utf8' } as const;
  expect(keyOf(none, new Uint8Array(0), new Int32Array(2))).toEqual(['(empty)', '']);
  const column = { name: 'key', type: none, length: 1, nullCount: 1, validity: new Uint8Array(1) };
  const nothing = {
    ...column,
    values: new Uint8Array(0),
    offsets: new Int32Array(2),
    dictionary: null,
  };
  expect([keyLabel(nothing, 0), keyValue(nothing, 0)]).toEqual(['(null)', null]);
});
