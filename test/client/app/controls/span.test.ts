import { expect, test } from 'vitest';
import { endsOn, rangeOf, textAt } from '../../../../client/app/controls/span.js';
import { column, time } from '../../../protocol/view/columns-of.js';

test('a handle gives whole numbers on whole columns and few digits elsewhere', () => {
  const span = { low: 0, high: 100 };
  expect(textAt(33.333, column('n', { integer: true }), span)).toBe('33');
  expect(textAt(33.33333, column('n'), span)).toBe('33.3');
  expect(textAt(0.000123456, column('n'), { low: 0, high: 0.001 })).toBe('0.000123');
});

test('a handle on a time gives seconds, minutes or days, as long as the track is', () => {
  const day = 86_400_000;
  expect(textAt(1.5 * day, time('t'), { low: 0, high: 10_000 * day })).toBe('1970-01-03T00:00:00');
  expect(textAt(1.5 * day + 61_000, time('t'), { low: 0, high: day })).toBe('1970-01-02T12:01:00');
  expect(textAt(day, time('t', { unit: 'day' }), { low: 0, high: day })).toBe('1970-01-02');
});

test('free ends stand at the ends of the track, and what is beyond it too', () => {
  const span = { low: 0, high: 100 };
  expect(endsOn(span, undefined, column('n'))).toEqual([0, 100]);
  expect(endsOn(span, rangeOf('n', '5', undefined), column('n'))).toEqual([5, 100]);
  expect(endsOn(span, rangeOf('n', '-5', '500'), column('n'))).toEqual([0, 100]);
  expect(endsOn(span, rangeOf('n', 'x', '7'), column('n'))).toEqual([0, 7]);
});

test('a range with both ends free is none', () => {
  expect(rangeOf('n', undefined, undefined)).toBeUndefined();
  expect(rangeOf('n', '0', undefined)).toEqual({ op: 'range', column: 'n', min: '0' });
});
