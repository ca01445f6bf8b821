import * as arrow from 'apache-arrow';
import * as flechette from '@uwdata/flechette';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LoadOutcome } from '../../../../server/loader/context.js';
import type { DatasetSource } from '../../../../server/loader/source.js';
import { createTestLoader, loadHere, loadInto, sourceOf, temporaryFolder } from '../load-file.js';
import { readSnapshot } from '../read-snapshot.js';

vi.setConfig({ testTimeout: 120_000 });
const FIXTURES = fileURLToPath(new URL('../../../fixtures/arrow/', import.meta.url));
const canUnpackZstd = 'zstdDecompressSync' in (await import('node:zlib'));
const loader = createTestLoader();
let folder: ReturnType<typeof temporaryFolder>;
let nr = 0;
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());
afterAll(() => loader.close());

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder.dir, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

async function load(
  files: string[],
  more: Partial<DatasetSource> = {},
): Promise<LoadOutcome & { values: Record<string, unknown[]>; types: Record<string, string> }> {
  const out = join(folder.dir, `out${nr++}`);
  mkdirSync(out);
  const outcome = await loadHere(out, sourceOf('arrow', files, more));
  return {
    ...outcome,
    values: readSnapshot(out, outcome),
    types: Object.fromEntries(outcome.columns.map(({ info }) => [info.name, info.type])),
  };
}

const refusal = (files: string[]): Promise<unknown> =>
  load(files).then(
    () => 'loaded',
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );

// Written by pyarrow 26: every type it has, LZ4, views, decimals of all widths; dictionaries with a delta and a replacement; messages
// of before 2019. The twins were compared with what Parquet files of the same tables give.
const twins = readdirSync(FIXTURES).filter((name) => name.endsWith('.json'));
test.each(twins)('keeps every value that pyarrow wrote: %s', async (twin) => {
  const name = readdirSync(FIXTURES).find((other) =>
    other.startsWith(twin.replace('json', 'arrow')),
  )!;
  const expected = JSON.parse(readFileSync(join(FIXTURES, twin), 'utf8')) as Record<
    string,
    { type: string; values: unknown[] }
  >;
  const { values, types } = await load([join(FIXTURES, name)]);
  expect(types).toEqual(
    Object.fromEntries(Object.entries(expected).map(([column, { type }]) => [column, type])),
  );
  for (const [column, twinned] of Object.entries(expected)) {
    expect(values[column], column).toEqual(twinned.values);
  }
});

test('unpacks Zstandard where Node can, and else says from which version on it can', async () => {
  const path = join(FIXTURES, 'zstd.arrow');
  if (canUnpackZstd) {
    const { i8 } = JSON.parse(readFileSync(join(FIXTURES, 'types.json'), 'utf8'));
    expect((await load([path])).values['i8']).toEqual(i8.values);
  } else {
    await expect(load([path])).rejects.toMatchObject({
      code: 'SOURCE_KIND_UNKNOWN',
      details: { file: 'zstd.arrow', hint: expect.stringContaining('22.15') },
    });
  }
});

const rows = Array.from({ length: 500 }, (_, i) => (i % 11 === 4 ? null : i));
const of = <T>(value: (i: number) => T): (T | null)[] =>
  rows.map((i) => (i === null ? null : value(i)));

const WRITTEN: readonly [
  name: string,
  type: arrow.DataType,
  values: unknown[],
  expected: unknown[],
  declared: string,
][] = [
  ['int8', new arrow.Int8(), of((i) => (i % 250) - 125), of((i) => (i % 250) - 125), 'TINYINT'],
  ['uint16', new arrow.Uint16(), of((i) => i * 131), of((i) => i * 131), 'USMALLINT'],
  ['int64', new arrow.Int64(), of((i) => BigInt(i) << 50n), of((i) => (i < 8 ? i * 2 ** 50 : String(BigInt(i) << 50n))), 'BIGINT'],
  ['float32', new arrow.Float32(), of((i) => i / 8), of((i) => i / 8), 'FLOAT'],
  ['float64', new arrow.Float64(), of((i) => i / 7), of((i) => i / 7), 'DOUBLE'],
  ['bool', new arrow.Bool(), of((i) => i % 3 === 0), of((i) => i % 3 === 0), 'BOOLEAN'],
  ['utf8', new arrow.Utf8(), of((i) => 'é'.repeat(i % 50)), of((i) => 'é'.repeat(i % 50)), 'VARCHAR'],
  ['large', new arrow.LargeUtf8(), of((i) => `t${i}`), of((i) => `t${i}`), 'VARCHAR'],
  ['dictionary', new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()), of((i) => `k${i % 9}`), of((i) => `k${i % 9}`), 'VARCHAR'],
  ['binary', new arrow.Binary(), of((i) => Uint8Array.of(i & 255, 0)), of((i) => Buffer.from([i & 255, 0]).toString('base64')), 'BLOB'],
  ['millis', new arrow.TimestampMillisecond(), of((i) => i * 1000), of((i) => new Date(i * 1000).toISOString().slice(0, -1)), 'TIMESTAMP_MS'],
  ['zoned', new arrow.TimestampMillisecond('Asia/Tokyo'), of((i) => i * 1000), of((i) => new Date(i * 1000).toISOString()), 'TIMESTAMP WITH TIME ZONE'],
  ['list', new arrow.List(new arrow.Field('item', new arrow.Int32())), of((i) => [i, i + 1]), of((i) => `[${i}, ${i + 1}]`), 'INTEGER[]'],
]; // prettier-ignore

test.each(['file', 'stream'] as const)(
  'keeps every value that apache-arrow wrote in a %s, over several batches',
  async (format) => {
    const columns = Object.fromEntries(
      WRITTEN.map(([name, type, values]) => [name, arrow.vectorFromArray(values, type)]),
    );
    const table = new arrow.Table(columns);
    const batches = [table, table.slice(7, 300), table.slice(0, 0)].flatMap((part) => part.batches);
    const path = write('a.arrow', arrow.tableToIPC(new arrow.Table(table.schema, batches), format));
    const { values, types, rows: count, report } = await load([path]);
    expect(count).toBe(793);
    expect(report).toMatchObject({ lines: 793, rows: 793, warnings: [] });
    for (const [name, , , expected, declared] of WRITTEN) {
      expect(types[name]).toBe(declared);
      expect(values[name], name).toEqual([...expected, ...expected.slice(7, 300)]);
    }
  },
);

test.each(['file', 'stream'] as const)(
  'keeps every value that flechette wrote in a %s',
  async (format) => {
    const table = flechette.tableFromArrays(
      {
        half: of((i) => i / 4),
        decimal: of((i) => i * 1.25),
        small: of((i) => i),
        micros: of((i) => i * 1000),
        text: of((i) => `${i}`),
        struct: of((i) => ({ a: i, b: i % 2 === 0 })),
        fixed: of((i) => [i, 1]),
      },
      {
        types: {
          half: flechette.float16(),
          decimal: flechette.decimal(20, 2),
          small: flechette.decimal(9, 0),
          micros: flechette.timestamp(flechette.TimeUnit.MICROSECOND),
          text: flechette.dictionary(flechette.utf8(), flechette.int16()),
          struct: flechette.struct({ a: flechette.int32(), b: flechette.bool() }),
          fixed: flechette.fixedSizeList(flechette.int8(), 2),
        },
      },
    );
    const { values, types } = await load([
      write('a.arrows', flechette.tableToIPC(table, { format })!),
    ]);
    expect(values['half']).toEqual(of((i) => i / 4));
    expect(values['decimal']).toEqual(
      of((i) => (i * 1.25).toFixed(2).replace(/^-0/, '0')).map((text, i) =>
        // A quarter has two digits, so that nothing is rounded.
        text === null ? null : (rows[i]! * 1.25).toFixed(2),
      ),
    );
    expect(values['small']).toEqual(of(String));
    expect(values['micros']).toEqual(
      of((i) => new Date(i * 1000).toISOString().replace('Z', '000')),
    );
    expect(values['text']).toEqual(of(String));
    expect(values['struct']).toEqual(of((i) => `{'a': ${i}, 'b': ${i % 2 === 0}}`));
    expect(types).toMatchObject({
      half: 'FLOAT',
      decimal: 'DECIMAL(20,2)',
      struct: 'STRUCT(a INTEGER, b BOOLEAN)',
      fixed: 'TINYINT[2]',
    });
  },
);

const ipc = (
  columns: Record<string, arrow.Vector>,
  format: 'file' | 'stream' = 'file',
): Uint8Array => arrow.tableToIPC(new arrow.Table(columns), format);
const ints = (...values: (number | null)[]): arrow.Vector =>
  arrow.vectorFromArray(values, new arrow.Int32());

test('makes days of milliseconds dates, and times where one is no whole day', async () => {
  const day = 86_400_000;
  const millis = (...values: number[]): arrow.Vector =>
    arrow.makeVector(
      arrow.makeData({
        type: new arrow.DateMillisecond(),
        data: BigInt64Array.from(values, BigInt),
      }),
    );
  const whole = await load([write('a.arrow', ipc({ d: millis(-day, 0, day) }))]);
  expect([whole.types['d'], whole.values['d']]).toEqual([
    'DATE',
    ['1969-12-31', '1970-01-01', '1970-01-02'],
  ]);
  const times = await load([write('b.arrow', ipc({ d: millis(-day, 1) }))]);
  expect([times.types['d'], times.values['d']]).toEqual([
    'TIMESTAMP_MS',
    ['1969-12-31T00:00:00.000', '1970-01-01T00:00:00.001'],
  ]);
});

test('keeps durations as numbers and says in which unit', async () => {
  const vector = arrow.makeVector(
    arrow.makeData({ type: new arrow.DurationMicrosecond(), data: BigInt64Array.of(5n, -7n) }),
  );
  const { values, report } = await load([write('a.arrow', ipc({ took: vector }))]);
  expect(values['took']).toEqual([5, -7]);
  expect(report.warnings).toEqual([
    {
      code: 'ARROW_DURATION',
      file: 'a.arrow',
      column: 'took',
      message: 'a.arrow: the durations of column "took" are numbers of microseconds here.',
    },
  ]);
});

test('unites files by column name, widens types and adds what the folders say', async () => {
  const a = write('t/year=2020/a.arrow', ipc({ id: ints(1, null), w: ints(1, 2) }));
  const b = write(
    't/year=2021/b.arrows',
    ipc(
      {
        more: arrow.vectorFromArray(['x']),
        w: arrow.vectorFromArray([2.5]),
        id: arrow.vectorFromArray([2n ** 60n], new arrow.Int64()),
      },
      'stream',
    ),
  );
  const c = write(
    't/year=2022/c.arrow',
    ipc({ id: ints(3), w: arrow.vectorFromArray(['text'], new arrow.Utf8()) }),
  );
  const two = await load([a, b], { united: true, root: join(folder.dir, 't') });
  expect(two.values).toEqual({
    id: [1, null, String(2n ** 60n)],
    w: [1, 2, 2.5],
    more: [null, null, 'x'],
    year: [2020, 2020, 2021],
    filename: ['year=2020/a.arrow', 'year=2020/a.arrow', 'year=2021/b.arrows'],
  });
  const three = await load([a, b, c], { united: true, root: join(folder.dir, 't') });
  expect([three.types['w'], three.values['w']]).toEqual(['VARCHAR', ['1', '2', '2.5', 'text']]);
});

test('loads a table without rows, and one without batches', async () => {
  const table = new arrow.Table({ a: ints() });
  const none = new arrow.Table(table.schema, []);
  for (const [name, bytes] of [
    ['a', ipc({ a: ints() })],
    ['b', arrow.tableToIPC(none, 'file')],
    ['c', arrow.tableToIPC(none, 'stream')],
  ] as const) {
    const { rows: count, columns } = await load([write(`${name}.arrow`, bytes)]);
    expect([count, columns.length]).toEqual([0, 1]);
  }
});

test('loads texts longer than a batch may hold', async () => {
  const long = Array.from({ length: 40 }, (_, i) => String(i).repeat(2 ** 20));
  const { values } = await load([
    write('a.arrow', ipc({ t: arrow.vectorFromArray(long, new arrow.Utf8()) })),
  ]);
  expect(values['t']!.map((text) => (text as string).length)).toEqual(
    long.map(({ length }) => length),
  );
});

test('says of a stream without its end mark that rows may be missing', async () => {
  const bytes = ipc({ a: ints(1, 2) }, 'stream');
  const { rows: count, report } = await load([write('a.arrows', bytes.subarray(0, -8))]);
  expect([count, report.warnings.map(({ code }) => code)]).toEqual([2, ['ARROW_NO_END']]);
});

test('refuses a file that is cut off anywhere', async () => {
  const bytes = ipc({ a: ints(1, 2, 3), t: arrow.vectorFromArray(['x', 'y', 'z']) });
  for (let length = 10; length < bytes.length; length += 61) {
    expect(await refusal([write('a.arrow', bytes.subarray(0, length))])).toMatch(
      /^SOURCE_(?:TRUNCATED: a.arrow is cut off|CORRUPT: a.arrow cannot be read): .*\.$/,
    );
  }
});

test('refuses a stream that is cut off within a message, or goes on behind its end', async () => {
  const bytes = ipc({ a: ints(1, 2, 3) }, 'stream');
  expect(await refusal([write('a.arrows', bytes.subarray(0, -20))])).toMatch(
    /^SOURCE_TRUNCATED: a.arrows is cut off: the batch at byte \d+ ends at \d+, the file at \d+\.$/,
  );
  expect(await refusal([write('b.arrows', Buffer.concat([bytes, bytes]))])).toMatch(
    /^SOURCE_CORRUPT: b.arrows cannot be read: it goes on behind its end mark, at byte \d+\.$/,
  );
});

/** Overwrites the place where `pattern` stands, as little-endian 32-bit words. */
function patched(bytes: Uint8Array, pattern: readonly number[], by: readonly number[]): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(Buffer.from(Int32Array.from(pattern).buffer));
  expect(at).toBeGreaterThan(0);
  Buffer.from(Int32Array.from(by).buffer).copy(copy, at);
  return copy;
}

test('refuses offsets that descend, and codes beyond their dictionary, and names the row', async () => {
  const texts = ipc({ t: arrow.vectorFromArray(['abc', 'de', 'f'], new arrow.Utf8()) });
  expect(await refusal([write('a.arrow', patched(texts, [0, 3, 5, 6], [0, 3, 2, 6]))])).toBe(
    'SOURCE_CORRUPT: a.arrow cannot be read: batch 1, column "t", row 2: its offsets are damaged.',
  );
  expect(await refusal([write('b.arrow', patched(texts, [0, 3, 5, 6], [0, 3, 5, 600]))])).toBe(
    'SOURCE_CORRUPT: b.arrow cannot be read: batch 1, column "t": its offsets lead beyond its values.',
  );
  const dictionary = ipc({
    k: arrow.vectorFromArray(
      ['p', 'q', 'p'],
      new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
    ),
  });
  expect(await refusal([write('c.arrow', patched(dictionary, [0, 1, 0, 0], [0, 7, 0, 0]))])).toBe(
    'SOURCE_CORRUPT: c.arrow cannot be read: batch 1, column "k", row 2: its dictionary has 2 values, not 8.',
  );
});

test('refuses text that is no UTF-8 and names the row', async () => {
  const bytes = Buffer.from(ipc({ t: arrow.vectorFromArray(['abcd', 'efgh'], new arrow.Utf8()) }));
  bytes[bytes.indexOf('efgh')] = 0xff;
  expect(await refusal([write('a.arrow', bytes)])).toBe(
    'SOURCE_CORRUPT: a.arrow cannot be read: batch 1, column "t", row 2: its text is no UTF-8.',
  );
});

test('refuses a file whose batches share their bytes', async () => {
  const table = new arrow.Table({ a: ints(1, 2, 3) });
  const bytes = Buffer.from(
    arrow.tableToIPC(new arrow.Table(table.schema, [...table.batches, ...table.batches]), 'file'),
  );
  const footerAt = bytes.length - 10 - bytes.readInt32LE(bytes.length - 10);
  const starts: number[] = [];
  for (let at = footerAt; at < bytes.length - 24; at++) {
    const offset = Number(bytes.readBigInt64LE(at));
    const isBlock = offset >= 8 && offset < footerAt && bytes.readInt32LE(offset) === -1;
    if (isBlock && bytes.readInt32LE(at + 8) - 8 === bytes.readInt32LE(offset + 4)) starts.push(at);
  }
  expect(starts.length).toBe(2);
  bytes.copy(bytes, starts[0]!, starts[1]!, starts[1]! + 24);
  expect(await refusal([write('a.arrow', bytes)])).toMatch(
    /^SOURCE_CORRUPT: a.arrow cannot be read: two of its batches overlap at byte \d+\.$/,
  );
});

test('refuses what is no Arrow, or of a type that is not known, in one sentence', async () => {
  expect(
    await refusal([write('a.arrows', Buffer.from('\xff\xff\xff\xff\x08\0\0\0 no idea', 'latin1'))]),
  ).toMatch(/^SOURCE_(?:CORRUPT|TRUNCATED): a.arrows [^\n]*\.$/);
  const bytes = flechette.tableToIPC(
    flechette.tableFromArrays(
      { r: [1, 1, 2] },
      { types: { r: flechette.runEndEncoded(flechette.int32(), flechette.int32()) } },
    ),
    { format: 'stream' },
  )!;
  expect(await refusal([write('b.arrows', bytes)])).toMatch(
    /^SOURCE_CORRUPT: b.arrows cannot be read: [^\n]*\.$/,
  );
});

test('holds a batch that would take more memory than a load may in its cage', async () => {
  const caged = createTestLoader({ memoryBytes: 300 * 2 ** 20 });
  const column = (): arrow.Vector => arrow.makeVector(new Float64Array(30_000_000));
  const path = write('big.arrow', ipc({ a: column(), b: column() }));
  const out = join(folder.dir, 'caged');
  mkdirSync(out);
  try {
    await expect(loadInto(caged, out, sourceOf('arrow', [path]))).rejects.toMatchObject({
      code: 'LOAD_OUT_OF_MEMORY',
    });
    expect(readdirSync(out).filter((name) => name.endsWith('.arrow'))).toEqual([]);
  } finally {
    await caged.close();
  }
});

test('loads in a child of its own, and names the columns there', async () => {
  const path = write('a.arrow', ipc({ a: ints(1, 2), b: ints(3, 4) }));
  const out = join(folder.dir, 'child');
  mkdirSync(out);
  const manifest = await loadInto(loader, out, sourceOf('arrow', [path]));
  expect(readSnapshot(out, manifest)).toEqual({ a: [1, 2], b: [3, 4] });
  expect(await loader.describe([{ path, kind: 'arrow' }])).toEqual([['a', 'b']]);
});

test('is read by SQL, instants with their zone, names of all kinds', async () => {
  const name = 'a "b"; --';
  const path = write(
    'a.arrow',
    ipc({
      [name]: ints(1, 2, null),
      moment: arrow.vectorFromArray(
        [0, null, 3_600_000],
        new arrow.TimestampMillisecond('Europe/Berlin'),
      ),
      text: arrow.vectorFromArray(['', 'long '.repeat(9), null], new arrow.Utf8()),
    }),
  );
  const out = join(folder.dir, 'sql');
  mkdirSync(out);
  const inputs = [sourceOf('arrow', [path], { name: 'a' })];
  const query = `SELECT "a ""b""; --" * 10 AS n, hour(moment) AS hour, typeof(moment) AS type, length(text) AS length FROM a`;
  const manifest = await loadInto(loader, out, sourceOf('sql', [], { sql: { query, inputs } }));
  const type = 'TIMESTAMP WITH TIME ZONE';
  expect(readSnapshot(out, manifest)).toEqual({
    n: [10, 20, null],
    hour: [0, null, 1],
    type: [type, type, type],
    length: [0, 45, null],
  });
});
