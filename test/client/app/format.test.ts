import { expect, test } from 'vitest';
import {
  formatAge,
  formatAlone,
  formatBytes,
  formatDuration,
  formatNoun,
  formatNumber,
  formatPercent,
} from '../../../client/app/format.js';

test('nouns agree with their number', () => {
  expect([0, 1, 2961].map((count) => formatNoun(count, 'row'))).toEqual([
    '0 rows',
    '1 row',
    '2,961 rows',
  ]);
});

test('bytes have two or three digits and never 1000 of a unit', () => {
  expect([999, 1000, 12_345, 999_700, 1.2e9].map(formatBytes)).toEqual([
    '999 B',
    '1.0 kB',
    '12 kB',
    '1.0 MB',
    '1.2 GB',
  ]);
});

test('time spans have the units that matter', () => {
  expect([0.0123, 59.4, 60, 125, 3600, 7380].map(formatDuration)).toEqual([
    '12 ms',
    '59 s',
    '1 min',
    '2 min 5 s',
    '1 h',
    '2 h 3 min',
  ]);
  expect([0, 61_000, 3_700_000, 3 * 86_400_000].map(formatAge)).toEqual([
    'just now',
    '1 min ago',
    '1 h ago',
    '3 days ago',
  ]);
});

test('a share is 0 % or 100 % only when it is', () => {
  expect([0, 0.0001, 0.5, 0.9999, 1].map(formatPercent)).toEqual([
    '0 %',
    '< 1 %',
    '50 %',
    '99 %',
    '100 %',
  ]);
});

test('numbers keep six digits, and very small ones an exponent', () => {
  expect([1234.5678, 0.00001234, 0, -2e20].map(formatNumber)).toEqual([
    '1,234.57',
    '1.234e-5',
    '0',
    '−2.000e+20',
  ]);
});

test('a number that stands alone loses no digit of a count, and no half of a mean', () => {
  expect(
    [1_234_567, 500_000.5, 50_000_000.5, 5.5, 1234.5678, -0.00001234].map(formatAlone),
  ).toEqual(['1,234,567', '500,000.5', '50,000,000.5', '5.5', '1,234.57', '−1.234e-5']);
});
