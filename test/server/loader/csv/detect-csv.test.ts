import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeSample } from '../../../../server/loader/csv/detect-csv.js';
import { detectEncoding } from '../../../../server/loader/csv/encoding.js';
import type { CsvOptions } from '../../../../server/loader/source.js';

function detect(text: string, options: CsvOptions = {}) {
  const bytes = Buffer.from(text);
  return describeSample(
    'a.csv',
    { bytes, complete: true, gzip: false, encoding: 'utf-8', bomBytes: 0 },
    options,
  );
}
const typesOf = (text: string, options?: CsvOptions): string[] =>
  detect(text, options).columns.map(({ type }) => type);
const namesOf = (text: string): string[] => detect(text).columns.map(({ name }) => name);
const rows = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');

test('finds the delimiter among comma, semicolon, tab and bar', () => {
  for (const sign of [',', ';', '\t', '|']) {
    const text = `a${sign}b${sign}c\n${rows(20, (i) => `${i}${sign}x, y${sign}"1,5;2"`)}`;
    expect(detect(sign === ',' ? text.replaceAll('x, y', 'x') : text).dialect.delimiter).toBe(sign);
  }
});

test('reads semicolons with decimal commas as numbers', () => {
  const { decimal, columns } = detect('name;price\nx;1.234,56\ny;3,5\nz;12\n');
  expect(decimal).toBe(',');
  expect(columns[1]).toMatchObject({ type: 'DOUBLE', decimal: ',', thousands: '.' });
});

test('names duplicate and empty columns', () => {
  expect(namesOf('a,,a,A,a_1\n1,2,3,4,5\n')).toEqual(['a', 'column2', 'a_2', 'A_3', 'a_1']);
  expect(namesOf('a,b,a\n1,2,3\n')).toEqual(['a', 'b', 'a_1']);
  expect(detect('a,,a\n1,2,3\n').warnings.map(({ message }) => message)).toEqual([
    'a.csv: column 2 has no name; it is called "column2" here.',
    'a.csv: the name "a" is used twice; it is called "a_1" here.',
  ]);
});

test('tells row numbers without a name from a delimiter at the end of records', () => {
  expect(namesOf('a,b\n0,1,2\n1,3,4\n')).toEqual(['column1', 'a', 'b']);
  expect(namesOf('a,b\n1,2,\n3,4,\n')).toEqual(['a', 'b', 'column3']);
  expect(namesOf('a,b\n1,2,\n3,4,\n5,6,x\n')).toEqual(['column1', 'a', 'b']);
});

test('tells a header from data', () => {
  expect(detect('a,b\nx,y\n').header).toBe(true);
  expect(detect('1,x\n2,y\n').header).toBe(false);
  expect(detect('country,1960,1961\nFrance,1,2\nSpain,3,4\n').header).toBe(true);
  expect(detect('a,b\n').header).toBe(true);
  expect(detect('1,x\n2,y\n', { header: true }).columns.map(({ name }) => name)).toEqual([
    '1',
    'x',
  ]);
});

test('gives every kind of value its type', () => {
  const text =
    'i,h,d,b,day,t,ts,ns,tz,s\n' +
    rows(3, (i) =>
      [
        i, `1234567890123456789${i}`, `${i}.5`, 'true', `2020-01-0${i + 1}`, `10:00:0${i}`,
        `2020-01-01 10:00:0${i}`, `2020-01-01T10:00:00.12345678${i}`, '2020-01-01T10:00:00+02:00', 'x',
      ].join(','),
    ); // prettier-ignore
  expect(typesOf(text)).toEqual([
    'BIGINT',
    'HUGEINT',
    'DOUBLE',
    'BOOLEAN',
    'DATE',
    'TIME',
    'TIMESTAMP',
    'TIMESTAMP_NS',
    'TIMESTAMP WITH TIME ZONE',
    'VARCHAR',
  ]);
});

test('keeps leading zeros as text and says so', () => {
  const { columns, warnings } = detect('zip,n\n01234,1\n12345,2\n');
  expect(columns[0]!.type).toBe('VARCHAR');
  expect(warnings[0]!.message).toBe(
    'a.csv: column "zip" is read as text: "01234" would lose its leading zeros as a number.',
  );
});

test('takes NA for null where only that stands in the way of a number', () => {
  expect(detect('a,b\n1,NA\nNA,x\n').columns).toMatchObject([
    { type: 'BIGINT', nulls: ['NA'] },
    { type: 'VARCHAR', nulls: [] },
  ]);
});

test('forgives one value in a thousand and no more', () => {
  expect(typesOf('a,b\n' + rows(2000, (i) => `${i === 7 ? 'oops' : i},x`))[0]).toBe('BIGINT');
  expect(typesOf('a,b\n' + rows(500, (i) => `${i === 7 ? 'oops' : i},x`))[0]).toBe('VARCHAR');
});

test('reads written dates, and says where day and month cannot be told apart', () => {
  expect(detect('a,b\n31.12.2020,13/01/2020\n').columns).toMatchObject([
    { type: 'DATE', format: '%d.%m.%Y' },
    { type: 'DATE', format: '%d/%m/%Y' },
  ]);
  expect(detect('a,b\n03/04/2020 10:30,1\n').warnings[0]!.message).toBe(
    'a.csv: column "a" is read with the month before day; its values, as "03/04/2020 10:30", do not tell.',
  );
});

test('leaves out comments and titles before the table', () => {
  const found = detect('# made by hand\nTable 1\na,b,c\n1,2,3\n4,5,6\n');
  expect(found.columns.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect([found.dataLine, found.dataStart]).toEqual([4, 29]);
});

test('obeys the separator line of Excel', () => {
  const found = detect('sep=;\r\na;b\r\n1;2\r\n');
  expect(found.columns.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(found).toMatchObject({ dataLine: 3, dataStart: 12, dialect: { newline: 'crlf' } });
});

test('refuses more than 4,096 columns and names how many there are', () => {
  const names = Array.from({ length: 5000 }, (_, i) => `c${i}`).join(',');
  expect(() => detect(`${names}\n`)).toThrow(
    'a.csv has 5,000 columns; at most 4,096 can be loaded.',
  );
});

test('refuses a type for a column that is not there, and names the nearest', () => {
  expect(() => detect('zip,b\n1,2\n', { types: { zib: 'text' } })).toThrow(
    expect.objectContaining({
      code: 'SOURCE_INVALID',
      details: expect.objectContaining({ hint: 'Did you mean "zip"?' }),
    }),
  );
});

test('reads a file of one column', () => {
  expect(namesOf('name\nAnna, Berta\nCäsar\nDora\n')).toEqual(['name']);
});

test('finds nothing wrong with the sample that we ship', () => {
  const text = readFileSync(new URL('../../../../package.json', import.meta.url));
  expect(detectEncoding(text, true)).toEqual({ label: 'utf-8', bomBytes: 0 });
});

test('names the encoding by mark, by zeros, by validity', () => {
  const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
  expect(detectEncoding(utf16('\uFEFFa,b'), true).label).toBe('utf-16le');
  expect(detectEncoding(utf16('name,b\n1,2\n'), true).label).toBe('utf-16le');
  expect(detectEncoding(utf16('name,b\n1,2\n').swap16(), true).label).toBe('utf-16be');
  expect(detectEncoding(Buffer.from('Müller', 'latin1'), true).label).toBe('windows-1252');
  expect(detectEncoding(Buffer.from('Müll€').subarray(0, 6), false).label).toBe('utf-8');
  expect(detectEncoding(Buffer.from([0xef, 0xbb, 0xbf, 65]), true).bomBytes).toBe(3);
});

test('says which value makes a column text, and where it stands', () => {
  const { columns, warnings } = detect('sep=;\na;b\n1;2\n3;" x "\n5;6\n7;8\n');
  expect(columns.map(({ type }) => type)).toEqual(['BIGINT', 'VARCHAR']);
  expect(warnings).toEqual([
    {
      code: 'CSV_TYPE',
      file: 'a.csv',
      line: 4,
      column: 'b',
      value: 'x',
      message:
        'a.csv: column "b" is read as text: "x" is not a whole number, as 3 of 4 values looked at are. With types.b=BIGINT it becomes null.',
    },
  ]);
  const mixed = detect(`a;b\n${rows(4, (i) => `${i};${i}${i % 2 ? ',' : '.'}5`)}`);
  expect(mixed.warnings).toMatchObject([
    { code: 'CSV_DECIMAL', column: 'b', value: '1,5', line: 3 },
  ]);
});
