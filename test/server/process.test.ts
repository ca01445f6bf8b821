import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tableFromIPC } from '@uwdata/flechette';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DatasetInfo } from '../../protocol/dataset.js';
import type { FrameMetadata } from '../../protocol/frame.js';
import type { Manifest } from '../../server/snapshots/manifest.js';
import { addressOf } from './helpers.js';
import { ensureKernel } from './loader/csv/helpers/load.js';
import { duckdb } from './loader/load-file.js';

const MAIN = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));
const FLIGHTS = fileURLToPath(
  new URL('../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url),
);

// Whole processes that load millions of rows: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 });

let folder: string;
const running = new Set<ChildProcess>();

beforeAll(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone process ü '));
  writeFileSync(join(folder, 'small.csv'), 'name,n\na,1\nb,2\n"c, d",\n');
});
afterEach(async () => {
  for (const child of running) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  exited: Promise<number | null>;
}

function run(args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: {
      ...process.env,
      XDG_CACHE_HOME: join(folder, 'cache'),
      HALFTONE_TOKEN: undefined,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const exited = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  return { child, exited, stdout: () => out, stderr: () => err };
}

const WAIT = { timeout: 120_000, interval: 50 };

async function address(started: Run): Promise<string> {
  await expect.poll(() => started.stdout(), WAIT).toMatch(/listening on \S+\n/u);
  return /listening on (\S+)\n/u.exec(started.stdout())![1]!;
}

async function dataset(url: string, name: string): Promise<DatasetInfo> {
  return (await fetch(`${url}/api/v1/datasets/${name}`)).json() as Promise<DatasetInfo>;
}

const frameOf = (url: string, query: object, headers: Record<string, string> = {}) =>
  fetch(`${url}/api/v1/frame?q=${addressOf(query)}`, { headers });

describe('the server', () => {
  test('has no DuckDB in its own process, whatever it loads and exports', async (context) => {
    if (process.platform !== 'linux')
      return context.skip('Only here a process shows what it has mapped.');
    const started = run(['small.csv', '--port', '0']);
    const url = await address(started);
    await expect.poll(async () => (await dataset(url, 'small')).status, WAIT).toBe('ready');
    await (await fetch(`${url}/api/v1/datasets/small/export?format=parquet`)).arrayBuffer();
    const mapped = readFileSync(`/proc/${started.child.pid}/maps`, 'utf8');
    expect(mapped).not.toMatch(/duckdb/iu);
  });

  test('loads files, answers with every row, stops in order, and has all at once when it starts again', async () => {
    const first = run(['small.csv', FLIGHTS, '--port', '0']);
    const url = await address(first);
    expect(first.stdout()).toMatch(/^Halftone is listening on http:\/\/127\.0\.0\.1:\d+\n$/u);
    await expect.poll(async () => (await dataset(url, 'flights-3m')).status, WAIT).toBe('ready');
    expect(await dataset(url, 'small')).toMatchObject({ status: 'ready', rows: 3 });

    const query = {
      dataset: 'flights-3m',
      mark: 'scatter',
      x: 'distance',
      y: 'delay',
      width: 1000,
      height: 600,
    };
    const answer = await frameOf(url, query);
    expect(answer.status).toBe(200);
    const table = tableFromIPC(new Uint8Array(await answer.arrayBuffer()));
    const metadata = JSON.parse(table.schema.metadata!.get('halftone')!) as FrameMetadata;
    expect(metadata.rows).toEqual({ total: 3e6, matched: 3e6, drawn: 3e6, outside: 0, dropped: 0 });
    const counts = table.getChild('count')!.toArray() as ArrayLike<number>;
    expect(Array.from(counts).reduce((sum, count) => sum + count, 0)).toBe(3e6);

    const zoomed = { ...query, domain: { x: [0, 3000], y: [-60, 240] } };
    const sizes = [];
    for (const one of [query, zoomed, { ...zoomed, color: 'origin' }]) {
      const coded = await frameOf(url, one, { 'accept-encoding': 'br' });
      expect(coded.headers.get('content-encoding')).toBe('br');
      sizes.push(Number(coded.headers.get('content-length')));
    }
    expect(sizes[0]).toBeLessThanOrEqual(300_000);
    expect(sizes[1]).toBeLessThanOrEqual(300_000);
    expect(sizes[2]).toBeLessThanOrEqual(450_000);

    const row = await fetch(`${url}/api/v1/datasets/small/rows/2`);
    expect(await row.json()).toEqual({ row: 2, values: { name: 'c, d', n: null } });
    const small = await fetch(`${url}/api/v1/datasets/small/export?format=csv`);
    expect(await small.text()).toBe('name,n\r\na,1\r\nb,2\r\n"c, d",\r\n');
    const filters = encodeURIComponent('[{"op":"in","column":"origin","values":["ATL"]}]');
    const csv = await fetch(`${url}/api/v1/datasets/flights-3m/export?filters=${filters}`);
    expect((await csv.text()).split('\r\n')).toHaveLength(124_711 + 2);
    const arrow = await fetch(
      `${url}/api/v1/datasets/flights-3m/export?format=arrow&filters=${filters}`,
    );
    const exported = tableFromIPC(new Uint8Array(await arrow.arrayBuffer()));
    expect(exported.numRows).toBe(124_711);
    expect(exported.schema.fields.map(({ name }) => name)).toEqual(
      ['date', 'delay', 'distance', 'origin', 'destination'],
    ); // prettier-ignore

    const stream = await fetch(`${url}/api/v1/events`);
    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    expect(await stream.text()).toContain('event: dataset');
    expect(first.stdout().match(/listening/gu)).toHaveLength(1);

    const second = run(['small.csv', FLIGHTS, '--port', '0']);
    const again = await address(second);
    const { snapshot } = JSON.parse(JSON.stringify(metadata)) as FrameMetadata;
    await expect
      .poll(async () => (await dataset(again, 'flights-3m')).snapshot, WAIT)
      .toBe(snapshot);
    const kept = await frameOf(again, { ...query, snapshot });
    expect(kept.headers.get('x-halftone-snapshot')).toBe(snapshot);
    second.child.kill('SIGINT');
    expect(await second.exited).toBe(0);
  });

  test('serves what is good and shows what is refused', async () => {
    writeFileSync(join(folder, 'broken.parquet'), 'PAR1 and nothing behind it PAR1');
    const started = run(['small.csv', 'broken.parquet', 'missing.csv', '--port', '0']);
    const url = await address(started);
    await expect.poll(async () => (await dataset(url, 'small')).status, WAIT).toBe('ready');
    await expect.poll(async () => (await dataset(url, 'broken')).status, WAIT).toBe('failed');
    expect(await dataset(url, 'missing')).toMatchObject({
      status: 'failed',
      problem: { code: 'SOURCE_MISSING', detail: expect.stringContaining('missing.csv') as string },
    });
    const refused = await frameOf(url, { dataset: 'broken', mark: 'rows' });
    expect(refused.status).toBe(422);
    expect(started.stderr()).toContain('broken.parquet');
    started.child.kill('SIGTERM');
    expect(await started.exited).toBe(0);
  });

  test('takes Parquet files of one folder and schema for one dataset, others for several', async () => {
    const columns = {
      'same/a': 'i, i AS k',
      'same/b': 'i AS k, i',
      'more/c': 'i',
      'more/d': 'i AS j',
    };
    for (const [name, select] of Object.entries(columns)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      const path = join(folder, `${name}.parquet`);
      await duckdb(`COPY (SELECT ${select} FROM range(10) t(i)) TO '${path}' (FORMAT parquet)`);
    }
    const paths = Object.keys(columns).map((name) => `${name}.parquet`);
    const started = run([...paths, '--port', '0']);
    const url = await address(started);
    const list = async () => {
      const { datasets } = (await (await fetch(`${url}/api/v1/datasets`)).json()) as {
        datasets: DatasetInfo[];
      };
      return datasets.map(({ name, rows }) => [name, rows]);
    };
    await expect.poll(list, WAIT).toEqual([['same', 20], ['c', 10], ['d', 10]]); // prettier-ignore
    started.child.kill('SIGTERM');
    await started.exited;
  });

  test('exports Parquet that DuckDB reads with the types and values of the source', async () => {
    const [source, exported] = ['types.parquet', 'exported.parquet'].map((name) =>
      join(folder, name),
    );
    const query = `SELECT i, i % 2 = 0 AS flag, (i % 256 - 128)::TINYINT AS tiny, (i % 60000 - 30000)::SMALLINT AS small,
      (i * 1000 - 5)::INTEGER AS plain, i * 70368744177664 AS big, (i % 256)::UTINYINT AS utiny, (i % 65536)::USMALLINT AS usmall,
      (4294967295 - i)::UINTEGER AS uint, (18446744073709551615 - i)::UBIGINT AS ubig, (i / 8)::FLOAT AS single,
      CASE i % 5 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN '-Infinity' ELSE i / 7.0 END AS double,
      (i % 500 / 3)::DECIMAL(4,1) AS d4, (i / 3)::DECIMAL(9,2) AS d9, (-i * 1.5)::DECIMAL(18,3) AS d18,
      (-i::DECIMAL(38,0) * 100000000000000000000)::DECIMAL(38,4) AS d38, DATE '1969-12-01' + (i % 30000)::INT AS day,
      TIMESTAMP '1960-01-01' + to_microseconds(i * 1000001) AS us, (TIMESTAMP '2020-01-01' + to_milliseconds(i))::TIMESTAMP_MS AS ms,
      (TIMESTAMP '2020-01-01' + to_seconds(i))::TIMESTAMP_S AS s, make_timestamp_ns(1700000000000000001 + i) AS ns,
      TIMESTAMPTZ '1969-12-31 23:00:00+00' + to_minutes(i) AS zoned, TIME '00:00:00' + to_milliseconds(i) AS clock,
      CASE WHEN i % 11 = 0 THEN '' WHEN i % 3 = 0 THEN NULL ELSE 'täxt ' || (i % 1000) END AS label, md5(i::VARCHAR) AS hash,
      encode('bytes' || i) AS bytes, NULL::INTEGER AS none, CASE WHEN i % 3 = 0 THEN NULL ELSE i END AS some
      FROM range(3000) t(i)`;
    await duckdb(`COPY (${query}) TO '${source}' (FORMAT parquet)`);
    // Several row groups.
    const long = join(folder, 'long.parquet');
    await duckdb(
      `COPY (SELECT i, 'k' || i % 7 AS k FROM range(130000) t(i)) TO '${long}' (FORMAT parquet)`,
    );
    const started = run(['types.parquet', 'long.parquet', '--port', '0']);
    const url = await address(started);
    await expect.poll(async () => (await dataset(url, 'types')).status, WAIT).toBe('ready');
    await expect.poll(async () => (await dataset(url, 'long')).status, WAIT).toBe('ready');
    const save = async (name: string, filters: string) => {
      const answer = await fetch(
        `${url}/api/v1/datasets/${name}/export?format=parquet&filters=${encodeURIComponent(filters)}`,
      );
      expect(answer.headers.get('content-type')).toBe('application/vnd.apache.parquet');
      expect(answer.headers.get('content-disposition')).toContain(`${name}.parquet`);
      writeFileSync(exported!, Buffer.from(await answer.arrayBuffer()));
    };
    const typesOf = (file: string) =>
      duckdb(`SELECT column_name, column_type FROM (DESCRIBE FROM '${file}')`);

    await save('types', '[]');
    expect(await typesOf(exported!)).toEqual(await typesOf(source!));
    const lost = (a: string, b: string) =>
      duckdb(`SELECT count(*)::INT AS n FROM (FROM '${a}' EXCEPT ALL FROM '${b}')`);
    expect(await lost(source!, exported!)).toEqual([{ n: 0 }]);
    expect(await lost(exported!, source!)).toEqual([{ n: 0 }]);
    // Statistics let a reader skip rightly.
    const some = `uint = 4294967290 AND ubig = 18446744073709551610 AND d38 < 0 AND label = 'täxt 5' AND isnan(double)`;
    expect(await duckdb(`SELECT i FROM '${exported}' WHERE ${some}`)).toEqual([{ i: '5' }]);

    await save('long', '[]');
    expect(await lost(long, exported!)).toEqual([{ n: 0 }]);
    expect(await lost(exported!, long)).toEqual([{ n: 0 }]);
    expect(
      await duckdb(
        `SELECT count(*)::INT AS n FROM (SELECT i, row_number() OVER () AS r FROM '${exported}') WHERE i != r - 1`,
      ),
    ).toEqual([{ n: 0 }]);

    await save('types', '[{"op":"in","column":"i","values":[]}]');
    expect(await typesOf(exported!)).toEqual(await typesOf(source!));
    expect(await duckdb(`SELECT count(*)::INT AS n FROM '${exported}'`)).toEqual([{ n: 0 }]);
    started.child.kill('SIGTERM');
    await started.exited;
  });

  test('builds a damaged cache anew', async () => {
    const cache = join(folder, 'damaged');
    const args = ['small.csv', '--port', '0', '--cache-dir', cache];
    const first = run(args);
    const url = await address(first);
    await expect.poll(async () => (await dataset(url, 'small')).status, WAIT).toBe('ready');
    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);

    damageColumn(cache, 'n');
    const second = run(args);
    const again = await address(second);
    await expect.poll(async () => (await dataset(again, 'small')).status, WAIT).toBe('ready');
    const query = { dataset: 'small', mark: 'histogram', x: 'n' };
    expect(await (await frameOf(again, query)).json()).toMatchObject({ code: 'DATASET_LOADING' });
    await expect.poll(async () => (await frameOf(again, query)).status, WAIT).toBe(200);
    second.child.kill('SIGTERM');
    await second.exited;
  });
});

/** Changes the first byte of a column's values on disk. */
function damageColumn(cache: string, column: string): void {
  const [manifest] = readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('manifest.json'),
  );
  const { columns, segments } = JSON.parse(
    readFileSync(join(cache, manifest!), 'utf8'),
  ) as Manifest;
  const position = columns.findIndex(({ info }) => info.name === column);
  const { file, batches } = segments[0]!;
  const { data } = batches[0]!.columns[position]!;
  const fd = openSync(join(cache, manifest!, '..', file), 'r+');
  writeSync(fd, Uint8Array.of(0x77), 0, 1, data!.offset);
  closeSync(fd);
}

describe('it ends', () => {
  test('with 3 and a sentence where everything is refused', async () => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    writeFileSync(join(folder, 'nothing.csv'), '');
    const started = run(['nothing.csv', 'empty', 'nowhere.csv', '--port', '0']);
    expect(await started.exited).toBe(3);
    for (const name of ['nothing.csv', 'empty', 'nowhere.csv'])
      expect(started.stderr()).toContain(name);
    expect(started.stderr()).not.toMatch(/^\s+at /mu);
  });

  test('with 2 where an option is wrong, before anything else', async () => {
    for (const args of [
      ['--port', 'x'],
      ['--host', '0.0.0.0'],
      ['--bogus'],
      ['--config', 'a.yaml'],
      ['--csv', 'delim'],
    ]) {
      const started = run([...args, 'small.csv']);
      expect(await started.exited, args.join(' ')).toBe(2);
      expect(started.stdout()).toBe('');
      expect(started.stderr()).not.toBe('');
    }
  });

  test('with 1 where the port that was asked for is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const started = run(['--port', String(port)]);
    expect(await started.exited).toBe(1);
    expect(started.stderr()).toContain(`Port ${port} is in use.`);
    other.close();
  });
});

test('inspect describes a file, and cache lists what that left', async () => {
  const inspected = run(['inspect', 'small.csv', '--json']);
  expect(await inspected.exited).toBe(0);
  expect(JSON.parse(inspected.stdout())).toMatchObject({
    name: 'small',
    rows: 3,
    columns: [
      { name: 'name', kind: 'text' },
      { name: 'n', nulls: 1, min: 1, max: 2 },
    ],
  });
  const listed = run(['cache', 'ls', '--json']);
  expect(await listed.exited).toBe(0);
  expect(JSON.parse(listed.stdout())).toContainEqual(
    expect.objectContaining({ dataset: 'small', rows: 3 }),
  );
  const verified = run(['cache', 'verify']);
  expect(await verified.exited).toBe(0);
  const refused = run(['inspect', 'nowhere.csv']);
  expect(await refused.exited).toBe(3);
  expect(refused.stdout()).toBe('');
});
