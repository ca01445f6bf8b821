import { mkdtempSync, readdirSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LoadTarget } from '../../../../server/loader/loader.js';
import type { PostgresSource } from '../../../../server/loader/source.js';
import { startPostgres, type TestPostgres } from '../../../helpers/postgres.js';
import { createTestLoader, loadInto, sourceOf, temporaryFolder } from '../load-file.js';
import { readSnapshot } from '../read-snapshot.js';

// A real PostgreSQL on this machine, with its own types, and what can befall a connection to it.

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });
const found = await startPostgres();
const loader = createTestLoader();
let database: TestPostgres;
let folder: ReturnType<typeof temporaryFolder>;
let out: string;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());
afterAll(async () => {
  await loader.close();
  await found?.stop();
});

function load(
  query: string,
  options: Partial<PostgresSource> = { url: database.url },
  more?: Partial<LoadTarget>,
  stop?: AbortController,
) {
  out = mkdtempSync(join(folder.dir, 'out-'));
  const source = sourceOf('postgres', [], { postgres: { query, ...options } });
  return loadInto(loader, out, source, stop?.signal, () => stop?.abort(), more);
}

async function rowsOf(query: string, options?: Partial<PostgresSource>) {
  const manifest = await load(query, options);
  return readSnapshot(out, manifest);
}

/** How a load is refused. */
const refusal = async (...args: Parameters<typeof load>): Promise<string> =>
  load(...args).then(
    () => 'loaded',
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );

describe.skipIf(found === undefined)('a query to PostgreSQL', () => {
  beforeAll(async () => {
    database = found!;
    await database.run(`
      CREATE TYPE mood AS ENUM ('sad', 'happy');
      CREATE TYPE pair AS (a int, b text);
      CREATE DOMAIN small AS int CHECK (value < 100);
      CREATE TABLE numbers AS SELECT i, i::float8 / 7 AS x, 'text ' || i % 100 AS t FROM generate_series(1, 100000) i;
      CREATE USER reader PASSWORD 'reader';
    `);
  });

  test('keeps every type, its extremes and its nulls', async () => {
    const manifest = await load(`SELECT * FROM (VALUES
      (true, 32767::int2, 2147483647, 9223372036854775807, 1.5::float4, 0.1::float8, 'Zürich', '2026-11-28'::date,
        '2026-11-28 10:00:00.000001'::timestamp, '2026-11-28 12:00+02'::timestamptz, '23:59:59.5'::time, '\\x00ff'::bytea,
        '00112233-4455-6677-8899-aabbccddeeff'::uuid, 'happy'::mood, 'ab'::char(4), 4294967295::oid, '{"a": 1}'::json, '{"a": 1}'::jsonb, 7::small),
      (false, (-32768)::int2, -2147483648, -9223372036854775808, 'NaN'::float4, '-Infinity'::float8, '', '1582-10-15'::date,
        '0001-01-01'::timestamp, '1999-12-31 23:59:59.999999Z'::timestamptz, '00:00'::time, ''::bytea,
        '00000000-0000-0000-0000-000000000000'::uuid, 'sad'::mood, ''::char(4), 0::oid, '[]'::json, 'null'::jsonb, -7::small),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
    ) AS t(bool, i2, i4, i8, f4, f8, text, date, ts, tz, time, bytea, uuid, mood, char, oid, json, jsonb, domain)`);
    expect(readSnapshot(out, manifest)).toEqual({
      bool: [true, false, null],
      i2: [32767, -32768, null],
      i4: [2147483647, -2147483648, null],
      i8: ['9223372036854775807', '-9223372036854775808', null],
      f4: [1.5, 'NaN', null],
      f8: [0.1, '-Infinity', null],
      text: ['Zürich', '', null],
      date: ['2026-11-28', '1582-10-15', null],
      ts: ['2026-11-28T10:00:00.000001', '0001-01-01T00:00:00.000000', null],
      tz: ['2026-11-28T10:00:00.000000Z', '1999-12-31T23:59:59.999999Z', null],
      time: ['23:59:59.500000', '00:00:00.000000', null],
      bytea: ['AP8=', '', null],
      uuid: ['00112233-4455-6677-8899-aabbccddeeff', '00000000-0000-0000-0000-000000000000', null],
      mood: ['happy', 'sad', null],
      char: ['ab', '', null],
      oid: [4294967295, 0, null],
      json: ['{"a": 1}', '[]', null],
      jsonb: ['{"a": 1}', 'null', null],
      domain: [7, -7, null],
    });
    expect(manifest.columns.map(({ info }) => info.type)).toEqual(
      'BOOLEAN SMALLINT INTEGER BIGINT FLOAT DOUBLE VARCHAR DATE TIMESTAMP,TIMESTAMP WITH TIME ZONE,TIME BLOB UUID ENUM VARCHAR UINTEGER JSON JSON INTEGER'
        .split(',')
        .flatMap((part) => (part.includes('WITH') ? part : part.split(' '))),
    );
  });

  test('keeps as text what has no column type of its own', async () => {
    expect(
      await rowsOf(`SELECT '1 year 2 days 00:00:03'::interval AS span, ARRAY[1, NULL, 3] AS list, '10:00+01'::timetz AS tz,
        B'101' AS bits, '[1,5)'::int4range AS range, '10.0.0.1'::inet AS host, (1, 'x')::pair AS pair, '{"{a,b}"}'::text[] AS nested, 'x' AS "list"`),
    ).toEqual({
      span: ['1 year 2 days 00:00:03'],
      list: ['{1,NULL,3}'],
      tz: ['10:00:00+01'],
      bits: ['101'],
      range: ['[1,5)'],
      host: ['10.0.0.1/32'],
      pair: ['(1,x)'],
      nested: ['{"{a,b}"}'],
      list_1: ['x'],
    });
  });

  test('keeps numbers of any declared precision exactly', async () => {
    expect(
      await rowsOf(`SELECT * FROM (VALUES (12.34::numeric(4,2), -0.05::numeric(9,4), 123456789012345.678::numeric(18,3), 99999999999999999999999999999999999999::numeric(38,0)),
        (-99.99, 10000.0001, -0.001, -99999999999999999999999999999999999999), (0, 0, 0, 0), (NULL, NULL, NULL, NULL)) AS t(a, b, c, d)`),
    ).toEqual({
      a: ['12.34', '-99.99', '0.00', null],
      b: ['-0.0500', '10000.0001', '0.0000', null],
      c: ['123456789012345.678', '-0.001', '0.000', null],
      d: ['9'.repeat(38), `-${'9'.repeat(38)}`, '0', null],
    });
  });

  test('finds the scale of numbers that declare none, however late it shows', async () => {
    const manifest = await load(
      `SELECT CASE i WHEN 50000 THEN 0.00000001 WHEN 70000 THEN 12345678901234567890.5 ELSE i / 4.0 END AS x, i::numeric AS whole FROM generate_series(1, 100000) i ORDER BY i`,
    );
    expect(manifest.columns.map(({ info }) => info.type)).toEqual([
      'DECIMAL(38,8)',
      'DECIMAL(18,0)',
    ]);
    const { x, whole } = readSnapshot(out, manifest);
    expect([x![49_999], x![2], whole![99_999]].map(Number)).toEqual([0.00000001, 0.75, 100_000]);
    expect(x![69_999]).toBe('12345678901234567890.50000000');
  });

  test('has numbers of more than 38 digits as text, and NaN as null with a warning', async () => {
    const long = `${'9'.repeat(30)}.${'1'.repeat(30)}`;
    const manifest = await load(
      `SELECT * FROM (VALUES (${long}, 'NaN'::numeric), (1, 2.5), (NULL, 'Infinity')) AS t(long, odd)`,
    );
    expect(readSnapshot(out, manifest)).toEqual({
      long: [long, '1', null],
      odd: [null, '2.5', null],
    });
    expect(manifest.report.nulled).toBe(2);
    expect(manifest.report.warnings).toEqual([
      {
        code: 'NUMERIC_NAN',
        message: '2 values of column "odd", NaN or infinite, became null.',
        column: 'odd',
      },
    ]);
  });

  test('has infinite dates and times as null, with a warning', async () => {
    const manifest =
      await load(`SELECT * FROM (VALUES ('infinity'::date, 'infinity'::timestamp, '-infinity'::timestamptz),
      ('-infinity', '-infinity', '294276-12-31'), ('2000-01-01', '2000-01-01', '2000-01-01Z')) AS t(d, ts, tz)`);
    expect(readSnapshot(out, manifest)).toEqual({
      d: [null, null, '2000-01-01'],
      ts: [null, null, '2000-01-01T00:00:00.000000'],
      tz: [null, null, '2000-01-01T00:00:00.000000Z'],
    });
    expect(manifest.report.nulled).toBe(6);
  });

  test('leaves hidden columns out, gives said types, and makes instants of times in a zone', async () => {
    const query = `SELECT 'x' AS secret, 1 AS zip, 2.5 AS price, '2026-03-29 02:30'::timestamp AS at, '2026-07-01'::timestamp AS at`;
    const shape = {
      hide: ['secret'],
      types: { zip: 'VARCHAR', price: 'DOUBLE' },
      timeZone: 'Europe/Berlin',
    };
    out = mkdtempSync(join(folder.dir, 'out-'));
    const source = sourceOf('postgres', [], { postgres: { query, url: database.url }, ...shape });
    const manifest = await loadInto(loader, out, source);
    expect(readSnapshot(out, manifest)).toEqual({
      zip: ['1'],
      price: [2.5],
      at: ['2026-03-29T01:30:00.000000Z'],
      at_1: ['2026-06-30T22:00:00.000000Z'],
    });
    await expect(loadInto(loader, out, { ...source, hide: ['secre'] })).rejects.toThrow(
      '"test" has no column "secre" to hide.',
    );
  });

  test('loads what the database counts, in the order of the query, empty results and long texts among them', async () => {
    const manifest = await load('SELECT i, x, t FROM numbers ORDER BY i DESC; ');
    const { i, x, t } = readSnapshot(out, manifest);
    expect(i).toEqual(Array.from({ length: 100_000 }, (_, n) => 100_000 - n));
    expect(x).toEqual(i!.map((value) => Number(value) / 7));
    expect(t).toEqual(i!.map((value) => `text ${Number(value) % 100}`));
    expect(await rowsOf('SELECT i, t FROM numbers WHERE false -- none')).toEqual({ i: [], t: [] });
    const long = await load(
      `SELECT repeat(chr(64 + i % 26), i * 1000000) AS t, i FROM generate_series(1, 9) i`,
    );
    const texts = readSnapshot(out, long)['t'] as string[];
    expect(texts.map(({ length }) => length)).toEqual(
      Array.from({ length: 9 }, (_, n) => (n + 1) * 1_000_000),
    );
  });

  test('takes what is given beside an address over it, and the usual variables', async () => {
    const { host, port, user, password } = database;
    const query = 'SELECT current_user::text AS who';
    expect(await rowsOf(query, { host, port, user, password, database: 'postgres' })).toEqual({
      who: ['halftone'],
    });
    const url = `postgres://reader:wrong@${host}:1/nowhere`;
    expect(await rowsOf(query, { url, port, password: 'reader', database: 'postgres' })).toEqual({
      who: ['reader'],
    });
    vi.stubEnv('PGPASSWORD', password);
    expect(await rowsOf(query, { host, port, user, database: 'postgres' })).toEqual({
      who: ['halftone'],
    });
    vi.unstubAllEnvs();
  });

  test('says what is wrong in one sentence, without the password', async () => {
    const { host, port, url } = database;
    const who = `PostgreSQL at ${host}:${port}`;
    const withPassword = (password: string) => ({ url, password });
    expect(await refusal('SELECT 1', withPassword('secret'))).toBe(
      `SOURCE_REFUSED: ${who} does not take the password of "halftone".`,
    );
    expect(await refusal('SELECT 1', { host, port, user: 'halftone', database: 'postgres' })).toBe(
      `SOURCE_REFUSED: ${who} asks for the password of "halftone", and none is given.`,
    );
    expect(await refusal('SELECT 1', { url, database: 'nowhere' })).toBe(
      `SOURCE_REFUSED: ${who} has no database "nowhere".`,
    );
    expect(await refusal('SELECT 1', { url, port: 1 })).toBe(
      `SOURCE_UNREACHABLE: PostgreSQL at ${host}:1 refuses connections: nothing listens there.`,
    );
    expect(await refusal('SELECT * FROM nowhere')).toBe(
      'SQL_INVALID: The query of "test" cannot be run: relation "nowhere" does not exist.',
    );
    expect(await refusal('SELECT 1 / (3 - i) AS x FROM generate_series(1, 100) i')).toBe(
      'SQL_INVALID: The query of "test" cannot be run: division by zero.',
    );
    expect(await refusal('DELETE FROM numbers')).toMatch(/^SQL_INVALID: .* syntax error/u);
    expect(await refusal(`SELECT nextval('pg_catalog.nothing')`)).toMatch(/^SQL_INVALID: /u);
    await database.run(
      'CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS $$ DELETE FROM numbers RETURNING 1 $$',
    );
    expect(await refusal('SELECT wipe() FROM generate_series(1, 2)')).toMatch(
      /^SQL_INVALID: The query of "test" wants to write: /u,
    );
    expect(
      await refusal('SELECT * FROM numbers', { url: url.replace(/\/\/.*@/u, '//reader:reader@') }),
    ).toMatch(/^SOURCE_REFUSED: .* permission denied for table numbers\.$/u);
    expect(readdirSync(out)).toEqual([]);
  });

  test('ends a query at the deadline, and really ends it', async () => {
    const query = 'SELECT pg_sleep(600) AS late_one';
    expect(await refusal(query, { url: database.url }, { deadlineMs: 3000 })).toBe(
      'LOAD_TIMEOUT: Loading "test" took longer than 3 seconds and was ended.',
    );
    await isIdle();
  });

  test('ends a query whose load is cancelled in the middle of its rows', async () => {
    const query = 'SELECT generate_series(1, 1000000000) AS i';
    await expect(
      load(query, { url: database.url }, {}, new AbortController()),
    ).rejects.toMatchObject({
      code: 'LOAD_CANCELLED',
    });
    await isIdle();
    expect(readdirSync(out)).toEqual([]);
  });

  test('publishes nothing where the connection is cut in the middle of a row, or hangs before one', async () => {
    const cutting = await startProxy((passed) => passed > 1_000_000);
    const { host, port, url } = { ...database, port: cutting.port };
    expect(await refusal('SELECT * FROM numbers', { url, port })).toMatch(
      new RegExp(
        `^LOAD_INCOMPLETE: The connection to PostgreSQL at ${host}:${port} was lost after [1-9]\\d+ rows\\.$`,
        'u',
      ),
    );
    expect(readdirSync(out)).toEqual([]);
    expect((await load('SELECT * FROM numbers LIMIT 10', { url, port })).rows).toBe(10);
    cutting.close();
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port: silentPort } = silent.address() as AddressInfo;
    expect(await refusal('SELECT 1', { url, port: silentPort, connectMs: 500 })).toBe(
      `SOURCE_UNREACHABLE: PostgreSQL at ${host}:${silentPort} does not answer.`,
    );
    silent.close();
  });

  test('says that the database was shut down in the middle of its rows', async () => {
    const stopped = refusal('SELECT generate_series(1, 1000000000) AS i');
    await expect.poll(() => running('generate_series'), { timeout: 10_000 }).toBe(1);
    await database.run(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'halftone'`,
    );
    expect(await stopped).toMatch(
      /^LOAD_INCOMPLETE: The connection to .* was lost after \d+ rows(?: \(terminating connection due to administrator command\))?\.$/u,
    );
  });
});

/** Queries of ours that the database is working on. */
const running = async (part = ''): Promise<number> => {
  const [row] = await database.run(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'halftone' AND state = 'active' AND query LIKE 'COPY%${part}%'`,
  );
  return row!['n'] as number;
};
const isIdle = () => expect.poll(running, { timeout: 5000 }).toBe(0);

/** A connection through the middle that is cut as soon as `isEnough` says so of the bytes that have passed. */
async function startProxy(
  isEnough: (passed: number) => boolean,
): Promise<{ port: number; close: () => void }> {
  const proxy: Server = createServer((near: Socket) => {
    const far = connect(database.port, database.host);
    let passed = 0;
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (isEnough(passed)) {
        near.destroy();
        far.destroy();
      } else near.write(chunk);
    });
    for (const end of [near, far]) end.on('error', () => undefined);
    near.on('close', () => far.destroy());
    far.on('close', () => near.end());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return { port: (proxy.address() as AddressInfo).port, close: () => proxy.close() };
}
