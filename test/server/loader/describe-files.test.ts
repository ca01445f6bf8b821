import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { createTestLoader, duckdb, temporaryFolder } from './load-file.js';

vi.setConfig({ testTimeout: 120_000 });
const loader = createTestLoader();
const folder = temporaryFolder();
afterAll(async () => {
  await loader.close();
  folder.remove();
});

test('names the columns of many files, and says which of them cannot be read', async () => {
  const [good, cut, lines, broken] = [
    'good.parquet',
    'cut.parquet',
    'lines.jsonl',
    'broken.jsonl',
  ].map((name) => join(folder.dir, name)) as [string, string, string, string];
  await duckdb(`COPY (SELECT 1 AS a, 2 AS "b c", [3] AS list) TO '${good}' (FORMAT parquet)`);
  writeFileSync(cut, readFileSync(good).subarray(0, 60));
  writeFileSync(lines, '{"x":1}\n{"y":2}\n');
  writeFileSync(broken, '{"x":\n');
  const described = await loader.describe([
    { path: good, kind: 'parquet' },
    { path: cut, kind: 'parquet' },
    { path: lines, kind: 'json' },
    { path: broken, kind: 'json' },
  ]);
  expect(described).toEqual([
    ['a', 'b c', 'list'],
    expect.objectContaining({ code: 'SOURCE_TRUNCATED' }),
    ['x', 'y'],
    expect.objectContaining({ code: 'SOURCE_CORRUPT' }),
  ]);
  expect((described[3] as Error).message).toContain('broken.jsonl');
});
