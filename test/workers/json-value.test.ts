import { expect, test } from 'vitest';
import { formatTime, jsonValue } from '../../workers/json-value.js';

test('writes wide integers and decimals as strings, the others as numbers', () => {
  expect(jsonValue({ kind: 'integer', bits: 64, signed: true }, 2n ** 53n - 1n)).toBe(2 ** 53 - 1);
  expect(jsonValue({ kind: 'integer', bits: 64, signed: true }, 2n ** 53n)).toBe(
    '9007199254740992',
  );
  expect(jsonValue({ kind: 'integer', bits: 128, signed: true }, 7n)).toBe('7');
  expect(jsonValue({ kind: 'decimal', precision: 10, scale: 2 }, -5)).toBe('-0.05');
  expect(jsonValue({ kind: 'decimal', precision: 10, scale: 0 }, 12)).toBe('12');
  expect(jsonValue({ kind: 'float', bits: 64 }, -Infinity)).toBe('-Infinity');
  expect(jsonValue({ kind: 'float', bits: 64 }, NaN)).toBe('NaN');
  expect(jsonValue({ kind: 'boolean' }, 1)).toBe(true);
});

test('agrees with Date on every day that Date knows', () => {
  for (let day = -800_000; day < 3_000_000; day += 997) {
    const iso = new Date(day * 86_400_000).toISOString();
    expect(formatTime(BigInt(day), 'day', false)).toBe(iso.slice(0, iso.indexOf('T')));
    expect(formatTime(BigInt(day) * 86_400_000n + 1n, 'ms', true)).toBe(
      iso.replace('00:00:00.000Z', '00:00:00.001Z'),
    );
  }
});

test('keeps every digit of the unit, also before 1970', () => {
  expect(formatTime(-1n, 'ns', false)).toBe('1969-12-31T23:59:59.999999999');
  expect(formatTime(1_600_000_000_123_456n, 'us', true)).toBe('2020-09-13T12:26:40.123456Z');
  expect(formatTime(0n, 's', false)).toBe('1970-01-01T00:00:00');
  expect(jsonValue({ kind: 'clock', unit: 'us' }, 86_400_000_000)).toBe('24:00:00.000000');
});
