import { expect, test } from 'vitest';
import type { ColumnInfo } from '../../../../protocol/column.js';
import { whatChanged } from '../../../../client/app/freshness/what-changed.js';

const column = (name: string, change: Partial<ColumnInfo> = {}): ColumnInfo => ({
  name,
  type: 'DOUBLE',
  kind: 'number',
  nulls: 0,
  min: 1,
  max: 3,
  ...change,
});

test('two equal snapshots differ in nothing', () => {
  const one = { rows: 3, columns: [column('x')] };
  expect(whatChanged(one, structuredClone(one))).toEqual({
    rows: { before: 3, after: 3 },
    added: [],
    removed: [],
    retyped: [],
    extents: [],
    nulls: [],
  });
});

test('tells rows, columns that came, went and got another type, extents and nulls', () => {
  const before = {
    rows: 3,
    columns: [
      column('x'),
      column('gone'),
      column('typed'),
      column('empty', { min: null, max: null }),
    ],
  };
  const after = {
    rows: 5,
    columns: [
      column('x', { max: 9, nulls: 2 }),
      column('typed', { type: 'VARCHAR', kind: 'text', max: 'z' }),
      column('empty'),
      column('new'),
    ],
  };
  expect(whatChanged(before, after)).toEqual({
    rows: { before: 3, after: 5 },
    added: ['new'],
    removed: ['gone'],
    retyped: [{ column: 'typed', before: 'DOUBLE', after: 'VARCHAR' }],
    extents: [
      { column: 'x', before: '1 to 3', after: '1 to 9' },
      { column: 'empty', before: 'no values', after: '1 to 3' },
    ],
    nulls: [{ column: 'x', before: 0, after: 2 }],
  });
});
