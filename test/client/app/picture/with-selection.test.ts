import { expect, test } from 'vitest';
import { canExclude, withSelection } from '../../../../client/app/picture/with-selection.js';
import type { Filter } from '../../../../protocol/query.js';

const named: Filter = { op: 'in', column: 'origin', values: ['ATL', 'JFK'] };
const range: Filter = { op: 'range', column: 'delay', min: 5, max: 9 };

test('a cell of categories becomes a list of each column', () => {
  expect(withSelection({ dataset: 'd' }, [named, range], false, []).filters).toEqual([
    { op: 'in', column: 'origin', values: ['ATL', 'JFK'] },
    { op: 'range', column: 'delay', min: '5', max: '9' },
  ]);
});

test('the rest of a list and a range, or of two lists, is not what leaving out each of them leaves', () => {
  expect(canExclude([named])).toBe(true);
  expect(canExclude([range, { ...range, column: 'distance' }])).toBe(true);
  expect(canExclude([named, range])).toBe(false);
  expect(canExclude([named, { ...named, column: 'airline' }])).toBe(false);
});
