import { expect, test } from 'vitest';
import { choicesOf, toggleValues } from '../../../../client/app/controls/choices.js';
import { column, text } from '../../../protocol/view/columns-of.js';

const options = {
  values: [
    { value: 'ATL', count: 9 },
    { value: null, count: 5 },
    { value: 'LAS', count: 2 },
  ],
  matching: 3,
  total: 3,
};

test('words stand most frequent first, and what is chosen but not there stands above them', () => {
  const filter = { op: 'in', column: 'origin', values: ['LAS', 'GONE'] } as const;
  expect(choicesOf(text('origin'), options, filter, '')).toEqual([
    { value: 'GONE', count: 0, chosen: true },
    { value: 'ATL', count: 9, chosen: false },
    { value: null, count: 5, chosen: false },
    { value: 'LAS', count: 2, chosen: true },
  ]);
});

test('numbers stand in the order of their values, with NaN and null last', () => {
  const values = [10, 9, null, -1, 'NaN'].map((value) => ({ value, count: 1 }));
  const choices = choicesOf(column('n'), { values, matching: 5, total: 5 }, undefined, '');
  expect(choices.map((choice) => choice.value)).toEqual(['-1', '9', '10', 'NaN', null]);
});

test('a search keeps what contains it, whatever its case', () => {
  const found = choicesOf(text('origin'), options, undefined, ' at ');
  expect(found.map((choice) => choice.value)).toEqual(['ATL']);
  expect(choicesOf(text('origin'), options, undefined, 'null')).toHaveLength(1);
});

test('choosing adds, giving up takes away, and the last one takes the filter with it', () => {
  const one = toggleValues('origin', undefined, ['ATL'], true);
  expect(one).toEqual({ op: 'in', column: 'origin', values: ['ATL'] });
  const two = toggleValues('origin', one, [null], true);
  expect(two).toMatchObject({ values: ['ATL', null] });
  expect(toggleValues('origin', one, ['ATL'], false)).toBeUndefined();
  const not = { op: 'in', column: 'origin', values: ['ATL'], exclude: true } as const;
  expect(toggleValues('origin', not, ['LAS'], true)).toEqual({ ...not, values: ['ATL', 'LAS'] });
});
