import { expect, test } from 'vitest';
import { changesBetween } from '../../../server/jobs/changes.js';
import type { Manifest } from '../../../server/snapshots/manifest.js';
import { fakeSnapshot } from '../helpers.js';

function manifestOf(rows: number, columns: Record<string, [string, number?]>): Manifest {
  const { manifest } = fakeSnapshot('a', { rows });
  return {
    ...manifest,
    columns: Object.entries(columns).map(([name, [type, distinct]]) => ({
      ...manifest.columns[0]!,
      info: {
        name,
        type,
        kind: type === 'VARCHAR' ? 'text' : 'number',
        nulls: 0,
        min: null,
        max: null,
        ...(distinct === undefined ? {} : { distinct }),
      },
    })),
  };
}

test('columns that came, went and changed their type are told, and new values of texts are counted', () => {
  const before = manifestOf(5, {
    a: ['BIGINT'],
    b: ['DOUBLE'],
    c: ['VARCHAR', 3],
    d: ['VARCHAR', 2],
  });
  const after = manifestOf(9, {
    a: ['VARCHAR'],
    c: ['VARCHAR', 5],
    d: ['VARCHAR', 2],
    e: ['DATE'],
  });
  expect(changesBetween(before, after)).toEqual({
    rowsBefore: 5,
    rowsAfter: 9,
    columnsAdded: ['e'],
    columnsRemoved: ['b'],
    columnsRetyped: [{ column: 'a', from: 'BIGINT', to: 'VARCHAR' }],
    categories: [{ column: 'c', before: 3, after: 5 }],
  });
});

test('texts whose values are too many to be counted are left out', () => {
  const changes = changesBetween(
    manifestOf(5, { a: ['VARCHAR'], b: ['VARCHAR', 2] }),
    manifestOf(5, { a: ['VARCHAR', 7], b: ['VARCHAR'] }),
  );
  expect(changes.categories).toEqual([]);
});
