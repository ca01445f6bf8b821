import { expect, test } from 'vitest';
import { mixedDecimals, nearMiss } from '../../../../server/loader/csv/near-miss.js';

test('one value that is no number among numbers is named', () => {
  expect(nearMiss(['2', 'x', '6', '8.5'], '.')).toEqual({ type: 'DOUBLE', fits: 3, misfit: 'x' });
  expect(nearMiss(['true', 'FALSE', 'true', 'maybe'], '.')).toEqual({
    type: 'BOOLEAN',
    fits: 3,
    misfit: 'maybe',
  });
  expect(nearMiss(['2020-01-01', 'soon', '2020-01-02', '2020-01-03'], '.')).toEqual({
    type: 'DATE',
    fits: 3,
    misfit: 'soon',
  });
  expect(nearMiss(['1,5', 'x', '6,25', '8'], ',')).toMatchObject({ type: 'DOUBLE', misfit: 'x' });
});

test('words for null are no misfits, and few values tell nothing', () => {
  expect(nearMiss(['NA', '2', 'x', '6', '8'], '.')).toMatchObject({ fits: 3, misfit: 'x' });
  expect(nearMiss(['1', '2', 'x'], '.')).toBeUndefined();
  expect(nearMiss([], '.')).toBeUndefined();
});

test('texts, half numbers, and codes with leading zeros are columns of text', () => {
  expect(nearMiss(['a', 'b', 'c', '4'], '.')).toBeUndefined();
  expect(nearMiss(['1', '2', '3', 'a', 'b', 'c'], '.')).toBeUndefined();
  expect(nearMiss(['0012', '0340', '0001', 'x'], '.')).toBeUndefined();
  expect(nearMiss(['12 Elm Street', '3 Oak Lane', '7 Main Road', '9'], '.')).toBeUndefined();
});

test('numbers with points and numbers with commas are told apart from lists of codes', () => {
  expect(mixedDecimals(['1.5', '2,5', '3'])).toEqual({ point: '1.5', comma: '2,5' });
  expect(mixedDecimals(['1.5', '2.5', '3'])).toBeUndefined();
  expect(mixedDecimals(['1.5', '2,5', 'a', 'b'])).toBeUndefined();
});
