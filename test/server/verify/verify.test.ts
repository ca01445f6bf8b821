import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tableFromIPC } from '@uwdata/flechette';
import {
  Bool,
  DateDay,
  Dictionary,
  Float64,
  Int32,
  Int64,
  Int8,
  Table,
  tableToIPC,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FrameMetadata } from '../../../protocol/frame.js';
import { METADATA_KEY } from '../../../protocol/media.js';
import type { Query } from '../../../protocol/query.js';
import type { Verification } from '../../../protocol/verification.js';
import { halftone, killAll, type Halftone } from '../../helpers/halftone-process.js';
import { ensureKernel } from '../loader/csv/helpers/load.js';
import { duckdb } from '../loader/load-file.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** Names and values that would do harm in SQL, if they were taken for a part of it. */
const NAUGHTY = [`x"; DROP TABLE t; --`, `it's`, 'NULL', `'); SELECT 1; --`, 'a\\', '🎈', '%_', ''];
const NAME = `n"a'm;e --`;

let folder: string;
let server: Halftone;

beforeAll(async () => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), "halftone verify 'ü' "));
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const rows = Array.from({ length: 4000 }, (_, row) => {
    const price = row % 17 === 0 ? '' : ((row * 7919) % 10_000) / 100;
    const day = `2024-0${1 + (row % 9)}-1${row % 10}`;
    return [row, price, day, quoted(NAUGHTY[row % NAUGHTY.length]!)].join(',');
  });
  const csv = [`n,price,day,${quoted(NAME)}`, ...rows].join('\r\n');
  writeFileSync(join(folder, 'clean.csv'), `${csv}\r\n`);
  // Two decimal commas, a line too short, a value that is no number.
  const odd = [
    'a;b',
    '1;2,5',
    '3',
    'x;1,5',
    ...Array.from({ length: 500 }, (_, i) => `${i};${i},25`),
  ];
  writeFileSync(join(folder, 'odd.csv'), odd.join('\n'));
  const lines = rows.map((_, row) => JSON.stringify({ n: row, v: row / 8, t: NAUGHTY[row % 8] }));
  lines.splice(7, 0, '{ this is no JSON');
  writeFileSync(join(folder, 'lines.jsonl'), lines.join('\n'));
  writeFileSync(join(folder, 'packed.csv.gz'), gzipSync(`x,y\n1,2\n3,4\n5,6\n`));
  await duckdb(
    `COPY (SELECT i AS n, (i * 7919) % 1000 / 8 AS v, 'g' || i % 5 AS g FROM range(20000) r(i)) TO '${join(folder, 'table.parquet').replaceAll("'", "''")}' (FORMAT parquet)`,
  );
  writeFileSync(join(folder, 'vectors.arrow'), arrowFile());
  const sql = [
    '--sql',
    `from_arrow=SELECT g, count(*) AS n, max(moment) AS last FROM vectors GROUP BY g ORDER BY g`,
    '--sql',
    `sums=SELECT g, count(*) AS n, sum(v) AS v FROM "table" GROUP BY g ORDER BY g`,
  ];
  const files = [
    'clean.csv',
    'odd.csv',
    'lines.jsonl',
    'packed.csv.gz',
    'table.parquet',
    'vectors.arrow',
  ];
  const cache = ['--cache-dir', join(folder, 'cache')];
  server = halftone([...files, ...sql, ...cache, '--port', '0', '--no-open'], { cwd: folder });
  for (const name of ['clean', 'odd', 'lines', 'packed', 'table', 'sums', 'vectors', 'from_arrow'])
    await server.settled(name);
});
afterAll(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

/** Rows of many types in three batches, with nulls, texts long and short, and a dictionary. */
function arrowFile(): Uint8Array {
  const rows = Array.from({ length: 5000 }, (_, row) => (row % 11 === 3 ? undefined : row));
  const of = <T>(value: (row: number) => T): (T | null)[] =>
    rows.map((row) => (row === undefined ? null : value(row)));
  const columns = {
    n: vectorFromArray(
      of((row) => row),
      new Int32(),
    ),
    v: vectorFromArray(
      of((row) => row / 8),
      new Float64(),
    ),
    big: vectorFromArray(
      of((row) => 9_007_199_254_740_991n + BigInt(row)),
      new Int64(),
    ),
    moment: vectorFromArray(
      of((row) => row * 60_000),
      new TimestampMillisecond('UTC'),
    ),
    day: vectorFromArray(
      of((row) => new Date(row * 86_400_000)),
      new DateDay(),
    ),
    yes: vectorFromArray(
      of((row) => row % 3 === 0),
      new Bool(),
    ),
    text: vectorFromArray(
      of((row) => `${NAUGHTY[row % NAUGHTY.length]} ${'long '.repeat(row % 9)}`),
      new Utf8(),
    ),
    g: vectorFromArray(
      of((row) => `g${row % 5}`),
      new Dictionary(new Utf8(), new Int8()),
    ),
  };
  const table = new Table(columns);
  return tableToIPC(
    new Table(
      table.schema,
      [0, 2000, 4000].flatMap((from) => table.slice(from, from + 2000).batches),
    ),
    'file',
  );
}

async function ask(query: Query): Promise<Response> {
  return fetch(`${await server.address()}/api/v1/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(query),
  });
}

async function verify(query: Query): Promise<Verification> {
  const answer = await ask(query);
  const verified = (await answer.json()) as Verification;
  expect(answer.status, JSON.stringify(verified)).toBe(200);
  return verified;
}

describe('a frame is proved against', () => {
  const all = NAUGHTY.map((value) => [value]);
  const queries: readonly [string, Query][] = [
    ['a CSV', { dataset: 'clean', mark: 'scatter', x: 'n', y: 'price', method: 'density' }],
    ['a CSV with names of all kinds', { dataset: 'clean', mark: 'bar', x: NAME }],
    ['its rows', { dataset: 'clean', mark: 'rows', sort: [{ column: NAME }], limit: 1000 }],
    [
      'calendar bins',
      { dataset: 'clean', mark: 'line', x: { column: 'day', bin: 'month' }, y: 'price' },
    ],
    [
      'a band',
      {
        dataset: 'table',
        mark: 'line',
        x: { column: 'n', bin: 500 },
        aggregate: { op: 'mean', column: 'v' },
        color: 'g',
        band: [0.1, 0.9],
      },
    ],
    ['a CSV of which lines were set aside', { dataset: 'odd', mark: 'histogram', x: 'b' }],
    ['JSON lines', { dataset: 'lines', mark: 'line', x: 'n', y: 'v', width: 50, method: 'm4' }],
    ['a packed CSV', { dataset: 'packed', mark: 'scatter', x: 'x', y: 'y' }],
    ['Parquet', { dataset: 'table', mark: 'histogram', x: 'v', color: 'g' }],
    ['Arrow', { dataset: 'vectors', mark: 'scatter', x: 'moment', y: 'v', color: 'g' }],
    ['every type of Arrow', { dataset: 'vectors', mark: 'rows', limit: 1000 }],
    [
      'Arrow by a filter',
      {
        dataset: 'vectors',
        mark: 'bar',
        x: 'g',
        filters: [{ op: 'range', column: 'big', min: '9007199254740993' }],
      },
    ],
    ['SQL over Arrow', { dataset: 'from_arrow', mark: 'rows' }],
    ['SQL', { dataset: 'sums', mark: 'bar', x: 'g', aggregate: { op: 'sum', column: 'v' } }],
  ];
  test.each(queries)('%s', async (_, query) => {
    const verified = await verify(query);
    expect(verified.differences).toEqual([]);
    expect(verified).toMatchObject({ verdict: 'equal', source: 'unchanged', differ: 0 });
    expect(verified.compared).toBeGreaterThan(3);
    expect(verified.sentence).toMatch(/^[\d,]+ numbers compared, 0 differ\.$/u);
    expect(verified.sql.join('\n')).toContain('CREATE OR REPLACE TEMP TABLE t AS');
    // No folder of this machine is told.
    expect(JSON.stringify(verified)).not.toContain(tmpdir());
  });

  test.each(all)('a filter for %j', async (value) => {
    const filters: NonNullable<Query['filters']> = [
      { op: 'any', filters: [{ op: 'in', column: NAME, values: [value] }] },
      { op: 'contains', column: NAME, text: value },
    ];
    const verified = await verify({ dataset: 'clean', mark: 'value', filters });
    expect(verified.differences).toEqual([]);
    expect(verified.sql.at(-1)).toContain('WHERE');
  });
});

test('a text with NUL and one of letters that fold alike are looked for as they are', async () => {
  const filters: NonNullable<Query['filters']> = [
    {
      op: 'not',
      filter: {
        op: 'any',
        filters: [
          { op: 'in', column: NAME, values: ['a\0b'] },
          { op: 'contains', column: NAME, text: 'ſELECT' },
        ],
      },
    },
  ];
  const verified = await verify({ dataset: 'clean', mark: 'value', filters });
  expect(verified).toMatchObject({ verdict: 'equal', differences: [] });
});

test('a query that its frame is refused for is refused', async () => {
  const answer = await ask({ dataset: 'clean', mark: 'histogram', x: 'nothing' });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: 'COLUMN_UNKNOWN' });
});

test('a source that has changed is not compared, and both fingerprints are told', async () => {
  const query: Query = { dataset: 'packed', mark: 'value' };
  const { snapshot } = await verify(query);
  appendFileSync(join(folder, 'packed.csv.gz'), gzipSync('7,8\n'));
  const verified = await verify({ ...query, snapshot });
  expect(verified).toMatchObject({ verdict: 'not compared', source: 'changed', compared: 0 });
  const { fingerprints } = verified;
  expect(fingerprints!.now!.files[0]!.size).not.toBe(fingerprints!.snapshot.files[0]!.size);
  expect(fingerprints!.now!.files[0]!.path).toBe('packed.csv.gz');
  rmSync(join(folder, 'packed.csv.gz'));
  const gone = await verify({ ...query, snapshot });
  expect(gone).toMatchObject({ verdict: 'not compared', fingerprints: { now: null } });
});

describe('a comparison', () => {
  const query: Query = {
    dataset: 'table',
    mark: 'bar',
    x: 'g',
    aggregate: { op: 'sum', column: 'v' },
    filters: [{ op: 'range', column: 'v', max: 50 }],
    against: { filters: [{ op: 'range', column: 'n', min: 100, max: 9000 }] },
    sort: [{ column: 'key' }],
  };

  test('is what SQL takes from one another, as Arrow, JSON and CSV', async () => {
    const path = join(folder, 'table.parquet').replaceAll("'", "''");
    const side = (where: string): string =>
      `(SELECT g, count(*) AS n, sum(v) AS v FROM read_parquet('${path}') WHERE ${where} GROUP BY g)`;
    const rows = await duckdb(
      `SELECT g AS key, coalesce(a.v, 0) - coalesce(b.v, 0) AS value, (coalesce(a.n, 0) - coalesce(b.n, 0))::INTEGER AS count FROM ${side('v <= 50')} AS a FULL JOIN ${side('n BETWEEN 100 AND 9000')} AS b USING (g) ORDER BY g`,
    );
    const url = `${await server.address()}/api/v1/frame`;
    const q = Buffer.from(JSON.stringify(query)).toString('base64url');
    const json = (await (await fetch(`${url}.json?q=${q}`)).json()) as { rows: object[] };
    expect(json.rows).toEqual(rows);
    const csv = await (await fetch(`${url}.csv?q=${q}`)).text();
    expect(csv.split('\r\n')).toHaveLength(rows.length + 2);
    const arrow = await server.frame(query);
    const { against } = readMetadata(await arrow.arrayBuffer());
    expect(against).toMatchObject({ filters: [{ op: 'range', column: 'n' }] });
    const plan = JSON.parse(arrow.headers.get('x-halftone-plan')!) as { reason: string };
    expect(plan.reason).toContain('against');
  });

  test('with a snapshot that is gone is told so', async () => {
    const answer = await server.frame({ ...query, against: { snapshot: 'gone' } });
    expect(answer.status).toBe(410);
    expect(await answer.json()).toMatchObject({ code: 'SNAPSHOT_GONE' });
  });

  test('is not verified as a whole', async () => {
    const answer = await ask(query);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code: 'VERIFY_UNSUPPORTED' });
  });

  test('has a key of its own', async () => {
    const { against: _, ...plain } = query;
    const etags = await Promise.all(
      [query, plain].map(async (one) => (await server.frame(one)).headers.get('etag')),
    );
    expect(etags[0]).not.toBe(etags[1]);
  });
});

function readMetadata(bytes: ArrayBuffer): FrameMetadata {
  const { schema } = tableFromIPC(new Uint8Array(bytes));
  return JSON.parse(schema.metadata!.get(METADATA_KEY)!) as FrameMetadata;
}
