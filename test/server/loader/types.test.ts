import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadedType, typeRule, TYPE_RULES } from '../../../server/loader/types.js';
import { duckdb } from './load-file.js';

test('knows every type that DuckDB can declare a column with', async () => {
  const rows = await duckdb(
    `SELECT DISTINCT upper(logical_type) AS type FROM duckdb_types() WHERE logical_type IS NOT NULL`,
  );
  // These are no types of columns.
  const inner = new Set(['NULL', 'TYPE', 'UNBOUND', 'ROW']);
  const unknown = rows
    .map(({ type }) => String(type))
    .filter((type) => !inner.has(type) && typeRule(type) === undefined);
  expect(unknown).toEqual([]);
});

test('reads parameters, nesting and unknown names', () => {
  expect(loadedType('DECIMAL(38,4)')).toMatchObject({
    lane: 'int128',
    logical: { precision: 38, scale: 4 },
  });
  expect(loadedType('DECIMAL(4,1)').lane).toBe('int16');
  expect(typeRule('STRUCT(a INTEGER, b VARCHAR)[]')?.name).toBe('LIST');
  expect(typeRule('INTEGER[3]')?.name).toBe('ARRAY');
  expect(typeRule("ENUM('a[]', 'b')")?.name).toBe('ENUM');
  expect(loadedType('SOMETHING_NEW')).toMatchObject({ logical: { kind: 'text' }, cast: 'VARCHAR' });
});

test('is what docs/reference/types.md says', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/reference/types.md'), 'utf8');
  for (const { name, kept, shown, filtered } of TYPE_RULES) {
    const row = `${name} ${kept} ${shown} ${filtered}`;
    const cells = page
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
      .map((parts) => parts.slice(1, 5).join(' '));
    expect(cells, row).toContain(row);
  }
});
