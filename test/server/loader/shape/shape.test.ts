import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DatasetSource } from '../../../../server/loader/source.js';
import type { Manifest, SourceKind } from '../../../../server/snapshots/manifest.js';
import { ensureKernel } from '../csv/helpers/load.js';
import { createTestLoader, duckdb, loadInto, sourceOf, temporaryFolder } from '../load-file.js';
import { readSnapshot } from '../read-snapshot.js';

// Every load starts a process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });
const loader = createTestLoader();
let folder: ReturnType<typeof temporaryFolder>;
let out: string;
beforeAll(() => ensureKernel());
beforeEach(() => {
  folder = temporaryFolder();
  out = join(folder.dir, 'out');
  mkdirSync(out);
});
afterEach(() => folder.remove());
afterAll(() => loader.close());

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder.dir, name);
  writeFileSync(path, content);
  return path;
};
async function parquet(query: string): Promise<string> {
  const path = join(folder.dir, 'a.parquet');
  await duckdb(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
  return path;
}
const load = (kind: SourceKind, files: string[], more: Partial<DatasetSource> = {}) =>
  loadInto(loader, out, sourceOf(kind, files, more));
const namesOf = ({ columns }: Manifest) => columns.map(({ info }) => info.name);

/** Every byte that a load left behind, and all that it says. */
const leftBehind = (manifest: Manifest): string =>
  [
    JSON.stringify(manifest),
    ...readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')),
  ].join('\n');

const SECRET = 'zq-secret';
const hide = ['ssn'];

describe('hidden columns', () => {
  test('of a clean CSV leave no trace', async () => {
    const path = file('a.csv', `name,ssn,x\nann,${SECRET}1,1\nbob,${SECRET}2,2\n`);
    const manifest = await load('csv', [path], { hide });
    expect(namesOf(manifest)).toEqual(['name', 'x']);
    expect(readSnapshot(out, manifest)).toEqual({ name: ['ann', 'bob'], x: [1, 2] });
    expect(leftBehind(manifest)).toContain('bob');
    expect(leftBehind(manifest)).not.toContain(SECRET);
  });

  test('of a CSV with odd lines leave no trace, in what is told of them neither', async () => {
    const lines = [
      'ssn;x',
      `${SECRET}0`,
      `"${SECRET}1";1,5`,
      `${SECRET}2;no number`,
      `${SECRET}3;1;2;3`,
      // Most of the hidden column are numbers: a misfit would be told.
      ...Array.from({ length: 300 }, (_, i) => `${1000 + i};${i},25`),
    ];
    const path = file('a.csv.gz', gzipSync(lines.join('\n')));
    const shown = await load('csv', [path]);
    expect(JSON.stringify(shown.report)).toContain('ssn');
    out = join(folder.dir, 'hidden');
    mkdirSync(out);
    const manifest = await load('csv', [path], { hide });
    expect(namesOf(manifest)).toEqual(['x']);
    expect(manifest.report.setAside).toBeGreaterThan(1);
    expect(manifest.report.findings.length).toBeGreaterThan(1);
    expect(leftBehind(manifest)).not.toMatch(/zq-secret|ssn/u);
  });

  test('of several CSV files leave no trace, the name of a folder among them', async () => {
    mkdirSync(join(folder.dir, `who=${SECRET}`));
    const files = [
      file(`who=${SECRET}/a.csv`, `ssn,x\n${SECRET}1,1\n`),
      file(`who=${SECRET}/b.csv`, `x\n2\n`),
    ];
    const united = { united: true, root: folder.dir, hide: ['ssn', 'who', 'filename'] };
    const manifest = await load('csv', files, united);
    expect(readSnapshot(out, manifest)).toEqual({ x: [1, 2] });
    expect(leftBehind(manifest)).not.toContain(SECRET);
  });

  test('of Parquet, JSON lines and Arrow leave no trace', async () => {
    const lines = [
      `{"ssn": "${SECRET}1", "x": 1}`,
      `${SECRET} is no JSON`,
      `{"ssn": "${SECRET}2", "x": 2}`,
    ];
    const arrow = new Table({
      ssn: vectorFromArray([`${SECRET}1`, `${SECRET}2`], new Utf8()),
      x: vectorFromArray([1, 2]),
    });
    const sources: [SourceKind, string][] = [
      ['parquet', await parquet(`SELECT '${SECRET}' || i AS ssn, i AS x FROM range(1, 3) AS r(i)`)],
      ['json', file('a.jsonl', lines.join('\n'))],
      ['arrow', file('a.arrow', tableToIPC(arrow, 'file'))],
    ];
    for (const [kind, path] of sources) {
      out = join(folder.dir, `out-${kind}`);
      mkdirSync(out);
      const manifest = await load(kind, [path], { hide });
      expect(readSnapshot(out, manifest), kind).toEqual({ x: [1, 2] });
      expect(leftBehind(manifest), kind).not.toContain(SECRET);
    }
  });

  test('cannot be reached by SQL over the dataset', async () => {
    const csv = file('a.csv', `ssn,x\n${SECRET},1\n`);
    const inputs = [
      sourceOf('csv', [csv], { name: 'a', hide }),
      sourceOf('parquet', [await parquet(`SELECT '${SECRET}' AS ssn, 1 AS x`)], {
        name: 'b',
        hide,
      }),
    ];
    const sql = (query: string) => load('sql', [], { sql: { query, inputs } });
    for (const query of [
      'SELECT ssn FROM a',
      'SELECT b.ssn FROM b',
      'SELECT a.* EXCLUDE (ssn) FROM a',
    ]) {
      await expect(sql(query), query).rejects.toMatchObject({ code: 'SQL_INVALID' });
    }
    const manifest = await sql('SELECT * FROM a JOIN b USING (x)');
    expect(namesOf(manifest)).toEqual(['x']);
    expect(leftBehind(manifest)).not.toContain(SECRET);
  });

  test('are not quoted by an error', async () => {
    const json = file('a.json', `[{"ssn": "${SECRET}", "x": 1}, {"ssn": "${SECRET}"`);
    const error = await load('json', [json], { hide }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).not.toContain(SECRET);
  });

  test('have to be there: a slip in a name would show the one that was meant', async () => {
    const csv = file('a.csv', 'ssn,x\n1,1\n');
    await expect(load('csv', [csv], { hide: ['snn'] })).rejects.toMatchObject({
      message: '"test" has no column "snn" to hide.',
      details: { hint: 'Did you mean "ssn"?' },
    });
    const path = await parquet('SELECT 1 AS ssn, 2 AS x');
    await expect(load('parquet', [path], { hide: ['SSN'] })).rejects.toMatchObject({
      details: { hint: 'Did you mean "ssn"?' },
    });
    await expect(load('parquet', [path], { hide: ['ssn', 'x'] })).rejects.toThrow(
      'hides all of its columns',
    );
  });
});

describe('types that are said', () => {
  const types = { zip: 'BIGINT', n: 'VARCHAR' };
  const values = `('01', 1), ('2', 2), ('x', 3), (NULL, 4)`;
  const expected = { zip: [1, 2, null, null], n: ['1', '2', '3', '4'] };

  test('are given to Parquet and JSON lines too, and what does not fit is counted', async () => {
    const query = `SELECT * FROM (VALUES ${values}) AS t(zip, n)`;
    const lines = ['{"zip":"01","n":1}', '{"zip":"2","n":2}', '{"zip":"x","n":3}', '{"n":4}'];
    const sources: [SourceKind, string][] = [
      ['parquet', await parquet(query)],
      ['json', file('a.jsonl', lines.join('\n'))],
    ];
    for (const [kind, path] of sources) {
      out = join(folder.dir, `out-${kind}`);
      mkdirSync(out);
      const manifest = await load(kind, [path], { types });
      expect(readSnapshot(out, manifest), kind).toEqual(expected);
      expect(manifest.report, kind).toMatchObject({ nulled: 1, rows: 4 });
      expect(manifest.report.warnings.map(({ message }) => message)).toContain(
        'column "zip": one value is not BIGINT and became null.',
      );
    }
    await expect(load('parquet', [sources[0]![1]], { types, strict: true })).rejects.toMatchObject({
      code: 'CSV_STRICT',
    });
    await expect(
      load('parquet', [sources[0]![1]], { types: { zap: 'BIGINT' } }),
    ).rejects.toMatchObject({ details: { hint: 'Did you mean "zip"?' } });
  });

  test('of the dataset are those of its CSV', async () => {
    const path = file('a.csv', 'zip,n\n01,1\n2,2\nx,3\n,4\n');
    expect(readSnapshot(out, await load('csv', [path], { types }))).toEqual(expected);
  });
});

describe('times without an offset', () => {
  const times = ['2024-01-15 12:00:00', '2024-07-15 12:00:00', '2024-10-27 02:30:00'];
  const instants = ['2024-01-15T11:00:00Z', '2024-07-15T10:00:00Z', '2024-10-27T01:30:00Z'];
  const timeZone = 'Europe/Berlin';

  test('that were written in a zone become instants, in CSV, Parquet and JSON lines alike', async () => {
    const list = times.map((time) => `(TIMESTAMP '${time}', DATE '2024-01-15')`).join(', ');
    const sources: [SourceKind, string][] = [
      ['csv', file('a.csv', `t,d\n${times.map((time) => `${time},2024-01-15\n`).join('')}`)],
      ['parquet', await parquet(`SELECT * FROM (VALUES ${list}) AS x(t, d)`)],
      [
        'json',
        file('a.jsonl', times.map((t) => JSON.stringify({ t, d: '2024-01-15' })).join('\n')),
      ],
    ];
    for (const [kind, path] of sources) {
      out = join(folder.dir, `out-${kind}`);
      mkdirSync(out);
      const manifest = await load(kind, [path], { timeZone });
      const { t, d } = readSnapshot(out, manifest);
      const asTime = (value: unknown): number => Date.parse(String(value));
      expect(t!.map(asTime), kind).toEqual(instants.map(asTime));
      expect(d, kind).toEqual(['2024-01-15', '2024-01-15', '2024-01-15']);
      expect(manifest.columns[0]!.info).toMatchObject({ zoned: true });
    }
  });

  test('keep their nanoseconds rather than get a zone, and that is told', async () => {
    const path = await parquet(`SELECT make_timestamp_ns(1700000000000000001) AS t`);
    const manifest = await load('parquet', [path], { timeZone });
    expect(manifest.columns[0]!.info).toMatchObject({ type: 'TIMESTAMP_NS' });
    expect(manifest.report.warnings).toMatchObject([{ code: 'TIME_ZONE', column: 't' }]);
  });
});
