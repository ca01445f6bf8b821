import { expect, test } from 'vitest';
import type { Filter } from '../../../protocol/query.js';
import { ColumnScope } from '../../../server/engine/columns.js';
import { predicateKey } from '../../../server/engine/predicate-key.js';
import { resolveFilters } from '../../../server/engine/resolve-filter.js';
import { memorySnapshot } from '../../helpers/memory-snapshot.js';
import { testColumn } from '../../helpers/test-columns.js';

const KINDS = ['int16', 'cents', 'big', 'word', 'text', 'flag', 'nano'];
const { snapshot } = memorySnapshot(KINDS.map((kind) => testColumn(kind, 50)));

/** The key of a filter in a query that reads other columns before it. */
function keyOf(filter: Filter, scale?: 'log', before: readonly string[] = []): string {
  const scope = new ColumnScope(snapshot);
  for (const name of before) scope.use(name, 'test');
  const predicate = resolveFilters([filter], scope, scale && { x: scale })!;
  return predicateKey(predicate, (column) => scope.used[column]!.name);
}

const triangle = (column: string): Filter => ({
  op: 'polygon',
  x: column,
  y: 'int16',
  points: [
    [1, 1],
    [5, 1],
    [3, 7],
  ],
});

test('filters that pass the same rows by their words have one key, wherever their columns stand', () => {
  const pairs: [Filter, Filter][] = [
    [{ op: 'range', column: 'int16', min: 4.5 }, { op: 'range', column: 'int16', min: '5' }],
    [
      { op: 'range', column: 'int16', min: 4, minExclusive: true },
      { op: 'range', column: 'int16', min: 5 },
    ],
    [
      { op: 'range', column: 'cents' },
      { op: 'range', column: 'cents', max: 'Infinity' },
    ],
    [
      { op: 'in', column: 'cents', values: [2, 1, 2] },
      { op: 'in', column: 'cents', values: [1, '2.0'], exclude: false },
    ],
    [triangle('cents'), triangle('cents')],
  ]; // prettier-ignore
  for (const [one, other] of pairs) expect(keyOf(one, undefined, KINDS)).toBe(keyOf(other));
});

test('filters that test anything else have other keys', () => {
  const filters: Filter[] = [
    { op: 'range', column: 'int16', min: 1 },
    { op: 'range', column: 'int16', max: 1 },
    { op: 'range', column: 'int16', min: 1, max: 1 },
    { op: 'range', column: 'cents', min: 1 },
    { op: 'range', column: 'cents', min: 1, minExclusive: true },
    { op: 'range', column: 'cents' },
    { op: 'range', column: 'cents', max: 'Infinity', maxExclusive: true },
    { op: 'range', column: 'big', min: '4611686018427387904' },
    { op: 'range', column: 'big', min: '4611686018427387905' },
    { op: 'in', column: 'int16', values: [] },
    { op: 'in', column: 'int16', values: [1] },
    { op: 'in', column: 'int16', values: [1, null] },
    { op: 'in', column: 'int16', values: [1, 2] },
    { op: 'in', column: 'int16', values: [12] },
    { op: 'in', column: 'cents', values: ['NaN'] },
    { op: 'in', column: 'cents', values: ['Infinity'] },
    { op: 'in', column: 'word', values: ['a'] },
    { op: 'in', column: 'word', values: ['a'], exclude: true },
    { op: 'in', column: 'word', values: ['a', ''] },
    { op: 'in', column: 'text', values: ['a'] },
    { op: 'in', column: 'flag', values: [true] },
    { op: 'in', column: 'flag', values: [false] },
    { op: 'in', column: 'flag', values: [true, false] },
    { op: 'contains', column: 'text', text: 'a' },
    { op: 'contains', column: 'text', text: 'A' },
    { op: 'contains', column: 'text', text: 'a', caseSensitive: true },
    { op: 'contains', column: 'word', text: 'a' },
    { op: 'null', column: 'word' },
    { op: 'not', filter: { op: 'null', column: 'word' } },
    { op: 'any', filters: [{ op: 'null', column: 'word' }] },
    {
      op: 'any',
      filters: [
        { op: 'null', column: 'word' },
        { op: 'null', column: 'text' },
      ],
    },
    triangle('cents'),
    triangle('int16'),
  ];
  const keys = filters.map((filter) => keyOf(filter));
  keys.push(keyOf(triangle('cents'), 'log'));
  expect(new Set(keys).size).toBe(keys.length);
});
