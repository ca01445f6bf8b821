import { expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { canonicalQuery, keyOf } from '../../../server/frames/query-key.js';

const keyFor = (query: object) =>
  keyOf(canonicalQuery({ dataset: 'a', mark: 'scatter', ...query } as Query));

test('is 128 bits in base64url', () => {
  expect(keyFor({})).toMatch(/^[\w-]{22}$/u);
});

test('is equal for queries that mean the same', () => {
  const same = [
    [{}, { budget: 25_000, top: 9, method: 'auto', filters: [], timeZone: 'UTC' }],
    [{}, { scale: { y: 'linear' } }],
    [{}, { snapshot: 's' }],
    [{ x: 'a' }, { x: { column: 'a' } }],
    [{ sort: [{ column: 'a' }] }, { sort: [{ order: 'asc', column: 'a' }] }],
    [
      { filters: [{ op: 'not', filter: { op: 'in', column: 'a', values: [null, 'b', 'a', 'b'] } }] },
      { filters: [{ op: 'not', filter: { op: 'in', column: 'a', values: ['a', 'b', null], exclude: false } }] },
    ],
    [
      { filters: [{ op: 'any', filters: [{ op: 'range', column: 'a', min: 1 }] }] },
      { filters: [{ op: 'any', filters: [{ op: 'range', column: 'a', min: 1, minExclusive: false, maxExclusive: false }] }] },
    ],
  ] as const; // prettier-ignore
  for (const [one, other] of same) expect(keyFor(one)).toBe(keyFor(other));
});

test('differs for queries that do not', () => {
  const different = [
    {},
    { x: 'a' },
    { x: { column: 'a', bin: 'day' } },
    { y: ['a'] },
    { y: 'a' },
    { y: ['a', 'b'] },
    { y: ['b', 'a'] },
    { filters: [{ op: 'in', column: 'a', values: [] }] },
    { filters: [{ op: 'in', column: 'a', values: ['1'] }] },
    { filters: [{ op: 'in', column: 'a', values: [1] }] },
    { filters: [{ op: 'contains', column: 'a', text: 'x', caseSensitive: true }] },
    { filters: [{ op: 'contains', column: 'a', text: 'x' }] },
  ];
  expect(new Set(different.map(keyFor)).size).toBe(different.length);
});

test('a query that may be answered from a sample differs from the exact one in that alone', () => {
  const query = { dataset: 'a', mark: 'scatter', x: 'x', y: 'y' } as const;
  const exact = canonicalQuery({ ...query, quality: 'exact' });
  expect(exact).toEqual(canonicalQuery(query));
  const { quality, ...rest } = canonicalQuery({ ...query, quality: 'fast' });
  expect(quality).toBe('fast');
  expect(rest).toEqual(exact);
});
