import { expect, test } from 'vitest';
import type { CsvDialect } from '../../../../server/loader/csv/dialect.js';
import { bytesOfBuffer } from '../../../../server/loader/byte-source.js';
import { ODD, RecordReader } from '../../../../server/loader/csv/record-reader.js';

const COMMA: CsvDialect = { delimiter: ',', quote: '"', escape: '"', newline: 'lf' };

function read(text: string, dialect: CsvDialect = COMMA, width = 0) {
  const reader = new RecordReader(bytesOfBuffer(Buffer.from(text), 'a.csv'), dialect, { width });
  const records: { line: number; fields: string[]; flags: number; broken: boolean }[] = [];
  while (reader.read()) {
    const fields = Array.from({ length: reader.fields }, (_, i) => reader.text(i));
    records.push({ line: reader.line, fields, flags: reader.flags, broken: reader.broken });
  }
  return records;
}
const cells = (text: string, dialect?: CsvDialect): string[][] =>
  read(text, dialect).map(({ fields }) => fields);

test('reads fields with delimiters, quotes and newlines in them', () => {
  expect(cells('a,"b,c","d ""e""","f\r\ng"\n1,2,3,4\n')).toEqual([
    ['a', 'b,c', 'd "e"', 'f\r\ng'],
    ['1', '2', '3', '4'],
  ]);
});

test('takes \\n, \\r\\n and \\r for the end of a line and counts lines alike', () => {
  const records = read('a\nb\r\nc\r"d\r\ne"\nf');
  expect(records.map(({ line }) => line)).toEqual([1, 2, 3, 4, 6]);
  expect(records.at(-1)!.flags).toBe(ODD.UNTERMINATED);
});

test('resolves backslashes where they are the escape', () => {
  expect(cells('"a\\"b","c\\\\","d\\n"\n', { ...COMMA, escape: '\\' })).toEqual([
    ['a"b', 'c\\', 'd\\n'],
  ]);
});

test('names the line of a quote that is never closed', () => {
  expect(() => read('a,b\n1,2\n3,"x\n4,5\n')).toThrow(
    'a.csv: the quote that opens in line 3 is never closed.',
  );
});

test('loses one line, not many, to a lone quote', () => {
  const records = read('1,"x\n2,"y"\n3,"z"\n', COMMA, 2);
  expect(records.map(({ fields, broken }) => [fields, broken])).toEqual([
    [['1', 'x'], true],
    [['2', 'y'], false],
    [['3', 'z'], false],
  ]);
});

test('marks quotes inside unquoted fields and text behind a closing quote', () => {
  const [stray, after] = read('5" pipe,2\n"a"b,2\n');
  expect([stray!.flags, stray!.fields]).toEqual([ODD.STRAY_QUOTE, ['5" pipe', '2']]);
  expect([after!.flags, after!.fields]).toEqual([ODD.AFTER_QUOTE, ['ab', '2']]);
});

test('reads a record longer than its first window', () => {
  const long = 'x'.repeat(3_000_000);
  expect(cells(`a,"${long}"\nb,c\n`)).toEqual([
    ['a', long],
    ['b', 'c'],
  ]);
});
