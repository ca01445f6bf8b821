import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import type { HalftoneError } from '../../../../server/errors.js';
import { ensureKernel, loadFiles, type LoadOptions, type Loaded } from './helpers/load.js';

beforeAll(ensureKernel);

/** `count` rows made by `row`, one line each. */
const lines = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');
/** Lines so long that not all of them are in the sample. */
const PAD = 'x'.repeat(100);
const load = (text: string | Uint8Array, options?: LoadOptions): Promise<Loaded> =>
  loadFiles({ 'a.csv': text }, options);
const messages = (found: { message: string }[]): string[] => found.map(({ message }) => message);

async function refusal(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (caught: HalftoneError) => caught,
  );
  return { code: error?.code, message: error?.message, line: error?.details.line };
}

/** Rows and what was set aside are all the records there are. */
function expectBalanced({ report, rows }: Loaded): void {
  expect(report.rows).toBe(rows.length);
  expect(report.rows + report.setAside).toBe(report.lines);
}

test('reads a clean file once, with its types', async () => {
  const loaded = await load(
    `id,when,price,name\n${lines(3000, (i) => `${i},2020-01-01 10:00:00,${i}.5,n${i}`)}`,
  );
  expect(loaded.columns).toEqual({
    id: 'BIGINT',
    when: 'TIMESTAMP',
    price: 'DOUBLE',
    name: 'VARCHAR',
  });
  expect(loaded.rows.at(-1)).toEqual(['2999', '2020-01-01 10:00:00', '2999.5', 'n2999']);
  expect(loaded.pulls).toBe(1);
  expect(loaded.report).toMatchObject({
    lines: 3000,
    rows: 3000,
    setAside: 0,
    nulled: 0,
    encoding: 'UTF-8',
    dialect: { delimiter: ',', quote: '"', decimal: '.', header: true },
    warnings: [],
    findings: [],
  });
});

test('loads a header without rows', async () => {
  const loaded = await load('a,b\n');
  expect(loaded.rows).toEqual([]);
  expect(Object.keys(loaded.columns)).toEqual(['a', 'b']);
  expectBalanced(loaded);
});

test('sets ragged lines aside and tells their lines', async () => {
  const loaded = await load(
    `a,b\n${lines(5000, (i) => (i === 3000 ? '1' : i === 4000 ? '1,2,3' : `${i},2`))}`,
  );
  expectBalanced(loaded);
  expect(loaded.report).toMatchObject({ lines: 5000, rows: 4998, setAside: 2 });
  expect(messages(loaded.report.findings)).toEqual([
    'a.csv, line 3002: set aside: 1 field where there should be 2.',
    'a.csv, line 4002: set aside: 3 fields where there should be 2.',
  ]);
  expect(messages(loaded.report.warnings)).toEqual([
    'a.csv: 2 lines with too few or too many fields were set aside, the first in line 3002.',
  ]);
});

test('makes a late value that does not fit null, and keeps its row', async () => {
  const loaded = await load(`a,b\n${lines(20_000, (i) => `${i === 15_000 ? 'oops' : i},${PAD}`)}`);
  expectBalanced(loaded);
  expect(loaded.columns['a']).toBe('BIGINT');
  expect(loaded.rows[15_000]).toEqual([null, PAD]);
  expect(loaded.report).toMatchObject({ rows: 20_000, nulled: 1, warnings: [] });
  expect(loaded.report.findings).toEqual([
    {
      code: 'CSV_VALUE',
      message: 'a.csv, line 15002, column "a": "oops" is not a whole number and became null.',
      file: 'a.csv',
      line: 15_002,
      column: 'a',
      value: 'oops',
    },
  ]);
});

test('makes a column text where more than one value in a thousand does not fit', async () => {
  const loaded = await load(
    `a,b\n${lines(20_000, (i) => `${i > 12_000 && i < 12_050 ? 'x' : i},${PAD}`)}`,
  );
  expectBalanced(loaded);
  expect(loaded.columns['a']).toBe('VARCHAR');
  expect(loaded.report.nulled).toBe(0);
});

test.each([
  ['1.5', 'DOUBLE', '1.5'],
  ['123456789012345678901', 'HUGEINT', '123456789012345678901'],
  ['007', 'VARCHAR', '007'],
])('never reads a late %s as another whole number', async (late, type, kept) => {
  const loaded = await load(`a,b\n${lines(20_000, (i) => `${i === 14_001 ? late : i},${PAD}`)}`);
  expect(loaded.columns['a']).toBe(type);
  expect(loaded.rows[14_001]![0]).toBe(kept);
  expect(loaded.report.nulled).toBe(0);
});

test('keeps a late time of day in a column of dates, and late nanoseconds', async () => {
  const loaded = await load(
    `d,t,pad\n${lines(20_000, (i) => (i === 12_100 ? `2020-01-02 03:04:05,2020-01-01 10:00:00.123456789,${PAD}` : `2020-01-01,2020-01-01 10:00:00,${PAD}`))}`,
  );
  expect(loaded.columns).toEqual({ d: 'TIMESTAMP', t: 'TIMESTAMP_NS', pad: 'VARCHAR' });
  expect(loaded.rows[12_100]!.slice(0, 2)).toEqual([
    '2020-01-02 03:04:05',
    '2020-01-01 10:00:00.123456789',
  ]);
});

test('takes words for null where a number is meant, counts and tells them', async () => {
  const loaded = await load('a,b\n1,x\nNA,NA\n3,y\n');
  expect(loaded.columns['a']).toBe('BIGINT');
  expect(loaded.rows).toEqual([['1', 'x'], [null, 'NA'], ['3', 'y']]); // prettier-ignore
  expect(messages(loaded.report.warnings)[0]).toBe(
    'Column "a": 1 value such as "NA" stand for null.',
  );
});

test('tells an empty field, which is null, from a quoted one, which is text', async () => {
  const loaded = await load('a,b,c\nx,,\ny,"",""\nz,1,2\n');
  expect(loaded.rows.map((row) => row[1])).toEqual([null, null, '1']);
  const texts = await load('a,b\nx,\ny,""\nz,w\n');
  expect(texts.rows.map((row) => row[1])).toEqual([null, '', 'w']);
});

test('converts Windows-1252, UTF-16 and gzip, and names the encoding', async () => {
  const text = 'name,n\nMüller,1\nGröße,2\n';
  const latin = await load(Buffer.from(text, 'latin1'));
  expect(latin.rows).toEqual([['Müller', '1'], ['Größe', '2']]); // prettier-ignore
  expect(latin.report.encoding).toBe('Windows-1252');
  expect(messages(latin.report.warnings)).toEqual([
    'a.csv: read as Windows-1252 and converted to UTF-8.',
  ]);
  const wide = await load(Buffer.from(`\uFEFF${text}`, 'utf16le'));
  expect([wide.rows[0], wide.report.encoding]).toEqual([['Müller', '1'], 'UTF-16 LE']);
  const packed = await loadFiles({ 'a.csv.gz': gzipSync(text) });
  expect([packed.rows[1], packed.report.encoding]).toEqual([['Größe', '2'], 'UTF-8']);
  const marked = await load(`\uFEFF${text}`);
  expect([Object.keys(marked.columns), marked.pulls]).toEqual([['name', 'n'], 1]);
});

test('converts a file whose foreign bytes come late', async () => {
  const text = `name,n\n${lines(20_000, (i) => `${i === 12_100 ? 'Müller' : PAD},${i}`)}`;
  const loaded = await load(Buffer.from(text, 'latin1'));
  expect(loaded.rows[12_100]).toEqual(['Müller', '12100']);
  expect(loaded.report.encoding).toBe('Windows-1252');
});

test('reads decimal commas, grouped numbers and written dates', async () => {
  const loaded = await load('p;q;d\n1.234,56;3,5;31.12.2020\n-2,5;1;01.02.2021\n');
  expect(loaded.columns).toEqual({ p: 'DOUBLE', q: 'DOUBLE', d: 'DATE' });
  expect(loaded.rows).toEqual([['1234.56', '3.5', '2020-12-31'], ['-2.5', '1.0', '2021-02-01']]); // prettier-ignore
});

test.each([
  ['CRLF', 'a,b\r\n1,"x\r\ny"\r\n2,z\r\n'],
  ['CR', 'a,b\r1,"x\r\ny"\r2,z\r'],
  ['mixed newlines', 'a,b\r\n1,"x\r\ny"\n2,z\r\n'],
  ['backslashes', 'a,b\n1,"x\r\ny"\n2,"z"\n'],
  ['no last newline', 'a,b\n1,"x\r\ny"\n2,z'],
])('reads %s', async (_, text) => {
  const loaded = await load(text);
  expect(loaded.rows).toEqual([['1', 'x\r\ny'], ['2', 'z']]); // prettier-ignore
  expectBalanced(loaded);
});

test.each([
  ['a header of several lines', '"id","price\n(EUR)"\n1,x\n2,y\n'],
  ['a header of several lines with CRLF', '"id","price\r\n(EUR)"\r\n1,x\r\n2,y\r\n'],
  ['a title of several lines', '"Report\n2024"\n\nid,"price\n(EUR)"\n1,x\n2,y\n'],
  ['a title with a lone quote', '"Report 2024\nid,name\n1,"x"\n2,y\n'],
  ['a title with a quote inside', '5" pipes\nid,name\n1,x\n2,y\n'],
])('begins behind %s', async (_, text) => {
  const loaded = await load(text);
  expect(loaded.rows).toEqual([['1', 'x'], ['2', 'y']]); // prettier-ignore
  expectBalanced(loaded);
});

test('resolves backslash escapes', async () => {
  const loaded = await load('a,b\n1,"say \\"hi\\", you"\n2,"c:\\\\d"\n');
  expect(loaded.rows).toEqual([['1', 'say "hi", you'], ['2', 'c:\\d']]); // prettier-ignore
});

test('keeps stray quotes as characters, with a warning', async () => {
  const loaded = await load('size,n\n5" pipe,1\n"6"" pipe",2\n"7" x,3\n');
  expect(loaded.rows.map(([size]) => size)).toEqual(['5" pipe', '6" pipe', '7 x']);
  expect(messages(loaded.report.warnings)).toEqual([
    'a.csv: 1 line has a quote inside an unquoted field, the first in line 2.',
    'a.csv: 1 line has text behind a closing quote, the first in line 4.',
  ]);
});

test('counts empty lines as set aside', async () => {
  const loaded = await load('a,b\n1,2\n\n3,4\n\n');
  expectBalanced(loaded);
  expect(loaded.report).toMatchObject({ lines: 4, rows: 2, setAside: 2 });
  const single = await load('a\n1\n\n3\n');
  expect(single.rows).toEqual([['1'], [null], ['3']]);
});

test('reads a line of 20 MB', async () => {
  const long = 'x'.repeat(20_000_000);
  const loaded = await load(`a,b\n1,"${long}"\n2,y\n`);
  expect(loaded.rows.map(([, text]) => text!.length)).toEqual([20_000_000, 1]);
});

test('unites files: columns by name, types widened, folders and file names as columns', async () => {
  const loaded = await loadFiles(
    {
      't/year=2020/a.csv': 'n,name\n1,x\n',
      't/year=2021/b.csv': 'name,n,more\ny,2.5,1\n',
    },
    { path: 't' },
  );
  expect(loaded.columns).toEqual({
    n: 'DOUBLE',
    name: 'VARCHAR',
    more: 'BIGINT',
    year: 'BIGINT',
    filename: 'VARCHAR',
  });
  expect(loaded.rows).toEqual([
    ['1.0', 'x', null, '2020', 'year=2020/a.csv'],
    ['2.5', 'y', '1', '2021', 'year=2021/b.csv'],
  ]);
});

test('obeys types and nulls that were said', async () => {
  const loaded = await load('zip,n,t\n00123,1,x\n00456,-,N/A\n', {
    csv: { types: { zip: 'INTEGER', n: 'text' }, nulls: ['-', 'N/A'] },
  });
  expect(loaded.columns).toEqual({ zip: 'INTEGER', n: 'VARCHAR', t: 'VARCHAR' });
  expect(loaded.rows).toEqual([['123', '1', 'x'], ['456', null, null]]); // prettier-ignore
  expect(loaded.report.nulled).toBe(0);
});

test('refuses what cannot be loaded, each in one sentence', async () => {
  expect(await refusal(load('a,b\n1,2\n3,"x\n4,5\n'))).toEqual({
    code: 'CSV_QUOTE_OPEN',
    message: 'a.csv: the quote that opens in line 3 is never closed.',
    line: 3,
  });
  const packed = gzipSync(`a,b\n${lines(5000, (i) => `${i},${Math.sin(i)}`)}`);
  expect(await refusal(loadFiles({ 'a.csv.gz': packed.subarray(0, packed.length / 2) }))).toEqual({
    code: 'SOURCE_TRUNCATED',
    message: 'a.csv.gz is cut off: its gzip data end too early.',
    line: undefined,
  });
});

test('refuses with --strict what would be set aside or become null, and names the first', async () => {
  const ragged = load('a,b\n1,2\n3\n', { strict: true });
  expect(await refusal(ragged)).toEqual({
    code: 'CSV_STRICT',
    message: 'a.csv, line 3: set aside: 1 field where there should be 2.',
    line: 3,
  });
  const misfit = load(`a,b\n${lines(2000, (i) => `${i === 1500 ? 'x' : i},1`)}`, { strict: true });
  expect(await refusal(misfit)).toMatchObject({
    message: 'a.csv, line 1502, column "a": "x" is not a whole number and became null.',
  });
  expect((await load('a,b\n1,2\n', { strict: true })).rows).toHaveLength(1);
});

test('tells of a missing last newline only where the file may be cut off', async () => {
  expect((await load('a,b\n1,2\n3,4')).report.warnings).toEqual([]);
  const cut = await load('a,b\n1,2\n3,4\n5');
  expectBalanced(cut);
  expect(messages(cut.report.warnings)).toEqual([
    'a.csv: 1 line with too few or too many fields was set aside, the first in line 4.',
    'a.csv: the last line does not end with a newline; the file is probably cut off.',
  ]);
  const long = await load(`a,b\n${lines(12_000, () => `1,${PAD}`)}1,2`);
  expect(messages(long.report.warnings)).toEqual([
    'a.csv: the last line does not end with a newline; if the file was cut off, its last value is not whole.',
  ]);
});

test('refuses with --strict a ragged line behind thousands of empty ones', async () => {
  const text = `a,b\n1,2\n${'\n'.repeat(3000)}3\n${lines(50, () => '4,5')}`;
  expect(await refusal(load(text, { strict: true }))).toMatchObject({
    code: 'CSV_STRICT',
    line: 3003,
  });
});
