import { expect, test } from 'vitest';
import type { Filter } from '../../../protocol/query.js';
import { ColumnScope } from '../../../server/engine/columns.js';
import { resolveFilters } from '../../../server/engine/resolve-filter.js';
import { savesTime } from '../../../server/engine/worth-keeping.js';
import { memorySnapshot } from '../../helpers/memory-snapshot.js';
import { testColumn } from '../../helpers/test-columns.js';

const { snapshot } = memorySnapshot(
  ['int16', 'cents', 'word', 'text'].map((kind) => testColumn(kind, 50)),
);

/** At which of its first three uses a filter over so many rows is kept. */
function keptAt(filter: Filter, rows: number): number[] {
  const scope = new ColumnScope(snapshot);
  const predicate = resolveFilters([filter], scope)!;
  return [1, 2, 3].filter((uses) => savesTime(predicate, { uses, rows, scope }));
}

const MANY = 10_000_000;
const range: Filter = { op: 'range', column: 'cents', min: 5 };
const lasso: Filter = {
  op: 'polygon',
  x: 'cents',
  y: 'int16',
  points: [
    [1, 1],
    [5, 1],
    [3, 7],
  ],
};

test('a dear filter is kept at once', () => {
  expect(keptAt(lasso, MANY)).toEqual([1, 2, 3]);
  expect(keptAt({ op: 'contains', column: 'text', text: 'a' }, MANY)).toEqual([1, 2, 3]);
  expect(keptAt({ op: 'in', column: 'cents', values: [1, 2, 3] }, MANY)).toEqual([1, 2, 3]);
  expect(keptAt({ op: 'not', filter: lasso }, MANY)).toEqual([1, 2, 3]);
});

test('another one is kept when it comes back: one that is dragged never does', () => {
  expect(keptAt(range, MANY)).toEqual([2, 3]);
  expect(keptAt({ op: 'in', column: 'word', values: ['a', 'air'] }, MANY)).toEqual([2, 3]);
});

test('nulls are never kept, nor what few rows are open to', () => {
  expect(keptAt({ op: 'null', column: 'cents' }, MANY)).toEqual([]);
  expect(keptAt(range, 100_000)).toEqual([]);
  expect(keptAt(lasso, 10_000)).toEqual([]);
  expect(keptAt(lasso, 0)).toEqual([]);
});
