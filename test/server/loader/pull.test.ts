import { createWriteStream, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../../dist/server/loader/database.js';
import { pullQuery } from '../../../dist/server/loader/pull.js';
import { createTestLoader, duckdb, loadInto, sourceOf, temporaryFolder } from './load-file.js';

// The dangerous half of a load: streams that end early, and look complete. DuckDB reads ahead as far as its buffer
// allows, so each fault lies far beyond that: rows have been delivered when it is met.

const MIB = 2 ** 20;
let folder: ReturnType<typeof temporaryFolder>;
let out: string;
beforeEach(() => {
  folder = temporaryFolder();
  out = join(folder.dir, 'out');
  mkdirSync(out);
});
afterEach(() => folder.remove());

/** Pulls with a small buffer; `countedRows` is what an independent count would say. */
async function pull(file: string, sql: string, columns: string[], countedRows: number) {
  const tempDir = join(folder.dir, 'temporary');
  mkdirSync(tempDir, { recursive: true });
  const database = await openDatabase({
    memoryBytes: 64 * MIB,
    threads: 2,
    tempDir,
    files: [file],
  });
  let delivered = 0;
  const pulled = pullQuery({
    database,
    sql,
    columns: columns.map((type, i) => ({ name: `c${i}`, type })),
    dir: out,
    expectedRows: () => Promise.resolve(countedRows),
    onRows: (rows) => (delivered = rows),
  });
  return pulled.then(
    ({ rows }) => ({ rows, error: undefined, delivered }),
    (error: Error & { code?: string }) => ({ rows: undefined, error, delivered }),
  );
}

async function writeLateBadCsv(): Promise<string> {
  const path = join(folder.dir, 'late.csv');
  const file = createWriteStream(path);
  file.write('a,b\n');
  for (let i = 0; i < 1_500_000; i += 1000) {
    let text = '';
    for (let k = i; k < i + 1000; k++) text += k === 1_400_000 ? 'oops,x\n' : `${k},text ${k}\n`;
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  return path;
}

test('notices a stream that ends at a bad cell late in a CSV, and says which', async () => {
  const path = await writeLateBadCsv();
  const sql = `SELECT * FROM read_csv('${path}', columns = {'a': 'INTEGER', 'b': 'VARCHAR'})`;
  const { error, delivered } = await pull(path, sql, ['INTEGER', 'VARCHAR'], 1_500_000);
  expect(delivered).toBeGreaterThan(1_000_000);
  expect(error?.message).toContain('oops');
  expect(readdirSync(out)).toEqual([]);
});

test('notices a stream that ends at a corrupt page in a Parquet file', async () => {
  const path = join(folder.dir, 'corrupt.parquet');
  await duckdb(
    `COPY (SELECT i, md5(i::VARCHAR) AS text FROM range(1500000) t(i)) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  const bytes = readFileSync(path);
  const at = Math.floor(bytes.length * 0.9);
  writeFileSync(path, bytes.fill(0xa5, at, at + MIB));
  const sql = `SELECT * FROM read_parquet('${path}')`;
  const { error, delivered } = await pull(path, sql, ['BIGINT', 'VARCHAR'], 1_500_000);
  expect(delivered).toBeGreaterThan(500_000);
  expect(error?.message).toMatch(/Invalid|ZSTD|Thrift/);
  expect(readdirSync(out)).toEqual([]);
});

test('refuses a stream that is complete to DuckDB but not to the independent count', async () => {
  const { error } = await pull('none', 'SELECT range AS i FROM range(5000)', ['BIGINT'], 5001);
  expect(error).toMatchObject({
    code: 'LOAD_INCOMPLETE',
    message: 'The load ended after 5000 of 5001 rows.',
  });
  expect(readdirSync(out)).toEqual([]);
});

test('notices a cage that is exhausted late in a stream', async () => {
  const path = join(folder.dir, 'bomb.parquet');
  await duckdb(`COPY (SELECT i, CASE WHEN i < 2000000 THEN 'a' ELSE repeat(md5(i::VARCHAR), 200000) END AS text
    FROM range(2000030) t(i)) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
  const loader = createTestLoader({ memoryBytes: 450_000_000 });
  await expect(loadInto(loader, out, sourceOf('parquet', [path]))).rejects.toMatchObject({
    code: 'LOAD_OUT_OF_MEMORY',
    details: { file: 'bomb.parquet' },
  });
  expect(readdirSync(out)).toEqual([]);
});

test('can be used again after it failed', async () => {
  const path = await writeLateBadCsv();
  const types = (a: string) =>
    `SELECT * FROM read_csv('${path}', columns = {'a': '${a}', 'b': 'VARCHAR'})`;
  const tempDir = join(folder.dir, 'temporary');
  mkdirSync(tempDir);
  const database = await openDatabase({
    memoryBytes: 256 * MIB,
    threads: 2,
    tempDir,
    files: [path],
  });
  const attempt = (a: string) =>
    pullQuery({
      database,
      sql: types(a),
      columns: [
        { name: 'a', type: a },
        { name: 'b', type: 'VARCHAR' },
      ],
      dir: out,
      expectedRows: () => Promise.resolve(1_500_000),
    });
  await expect(attempt('INTEGER')).rejects.toThrow('oops');
  await expect(attempt('VARCHAR')).resolves.toMatchObject({ rows: 1_500_000 });
});
