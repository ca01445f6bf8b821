import * as fc from 'fast-check';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { CsvDialect } from '../../../../server/loader/csv/dialect.js';
import { isClean, type CsvLedger } from '../../../../server/loader/csv/ledger.js';
import { bytesOfBuffer, bytesOfFile } from '../../../../server/loader/byte-source.js';
import { scanByKernel, scanPlain, type ScanTask } from '../../../../server/loader/csv/scan-csv.js';
import {
  VALUE_RULES,
  loadScanKernel,
  type ScanKernel,
} from '../../../../server/loader/csv/scan-kernel.js';
import { temporaryFolder } from '../load-file.js';
import { ensureKernel } from './helpers/load.js';

let kernels: ScanKernel[];
beforeAll(() => {
  ensureKernel();
  // An input hardly longer than a record, one that ends within blocks, and one that holds everything.
  kernels = [65, 257, 8192].map((bytes) => loadScanKernel(bytes));
});

const COMMA: CsvDialect = { delimiter: ',', quote: '"', escape: '"', newline: 'lf' };

function taskFor(width: number, more: Partial<ScanTask> = {}): ScanTask {
  return {
    path: '',
    name: 'a.csv',
    dialect: COMMA,
    width,
    rules: [],
    dataStart: 0,
    dataLine: 1,
    ...more,
  };
}

/** The ledger, or the sentence it was refused with. */
function attempt(scan: () => CsvLedger): CsvLedger | string {
  try {
    return scan();
  } catch (error) {
    return (error as Error).message;
  }
}

/** Landmarks stand where stretches end; a rule's first breach is known to the kernel only. */
function withoutPlaces(ledger: CsvLedger | string): unknown {
  if (typeof ledger === 'string') return ledger;
  const { landmarks: _, misfit: __, ...rest } = ledger;
  return rest;
}

function scanText(text: string, width: number, more: Partial<ScanTask> = {}): CsvLedger {
  return scanByKernel(bytesOfBuffer(Buffer.from(text), 'a.csv'), taskFor(width, more), kernels[2]!);
}

const cell = fc.oneof(
  fc.stringMatching(/^[a-z0-9 .ü-]{0,12}$/),
  fc.constantFrom('', '"', '""', 'a"b', 'x,y', 'l1\nl2', 'l1\r\nl2', "it's", ';', '\t', '日本', 'x'.repeat(90)),
); // prettier-ignore
const table = fc.integer({ min: 1, max: 6 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 40 }),
  }),
);
const dialects = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  quote: fc.constantFrom('"', "'"),
  newline: fc.constantFrom('lf' as const, 'crlf' as const, 'cr' as const),
});
const NEWLINES = { lf: '\n', crlf: '\r\n', cr: '\r' };

function write(
  rows: string[][],
  { delimiter, quote, newline }: Omit<CsvDialect, 'escape'>,
): string {
  const field = (text: string): string =>
    /[\r\n,;\t|"']/.test(text) || text === ''
      ? quote + text.replaceAll(quote, quote + quote) + quote
      : text;
  return rows.map((row) => row.map(field).join(delimiter) + NEWLINES[newline]).join('');
}

test('counts every record of a clean file in every dialect', () => {
  fc.assert(
    fc.property(table, dialects, fc.boolean(), ({ width, rows }, given, cut) => {
      const dialect = { ...given, escape: given.quote };
      let text = write(rows, dialect);
      if (cut) text = text.slice(0, -NEWLINES[given.newline].length);
      for (const kernel of kernels) {
        const source = bytesOfBuffer(Buffer.from(text), 'a.csv');
        const ledger = scanByKernel(source, taskFor(width, { dialect }), kernel);
        expect(ledger).toMatchObject({
          records: rows.length,
          rows: rows.length,
          blank: 0,
          ragged: 0,
        });
        expect(ledger.unterminated).toBe(cut && rows.length > 0);
      }
    }),
    { numRuns: 300 },
  );
});

test('finds what its plain twin finds after any single byte is damaged', () => {
  const damage = fc.record({
    at: fc.nat(),
    byte: fc.constantFrom(0, 10, 13, 34, 39, 44, 59, 65, 0xff),
    how: fc.constantFrom('set', 'insert', 'remove'),
  });
  fc.assert(
    fc.property(table, dialects, damage, ({ width, rows }, given, { at, byte, how }) => {
      const dialect = { ...given, escape: given.quote };
      const bytes = [...Buffer.from(write(rows, dialect))];
      const place = bytes.length === 0 ? 0 : at % bytes.length;
      bytes.splice(place, how === 'insert' ? 0 : 1, ...(how === 'remove' ? [] : [byte]));
      const source = bytesOfBuffer(Uint8Array.from(bytes), 'a.csv');
      const task = taskFor(width, { dialect });
      const expected = attempt(() => scanPlain(source, task));
      for (const kernel of kernels) {
        // A rule for a column that is not there: every value is looked at, none is held to anything.
        const none = Array.from({ length: task.width }, () => VALUE_RULES.none);
        const checked = { ...task, rules: [...none, VALUE_RULES.whole] };
        for (const each of [task, checked]) {
          const found = attempt(() => scanByKernel(source, each, kernel));
          expect(withoutPlaces(found)).toEqual(withoutPlaces(expected));
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test('accounts for every record: rows and what is set aside are all there is', () => {
  const ledger = scanText('1,2\n1\n\n1,2,3\n"a\n"b",2\n5,6\n', 2);
  expect(ledger).toMatchObject({ records: 7, rows: 3, ragged: 2, blank: 1, broken: 1 });
  expect(ledger.findings.map(({ message }) => message)).toEqual([
    'a.csv, line 2: set aside: 1 field where there should be 2.',
    'a.csv, line 3: set aside: the line is empty.',
    'a.csv, line 4: set aside: 3 fields where there should be 2.',
    'a.csv, line 5: set aside: a quote opens here and is not closed where its field ends.',
  ]);
});

test('names the line of bytes that are not UTF-8', () => {
  const bytes = Buffer.concat([
    Buffer.from('a,b\n'.repeat(99)),
    Buffer.from('M\xfcller,1\n', 'latin1'),
  ]);
  const ledger = scanByKernel(bytesOfBuffer(bytes, 'a.csv'), taskFor(2), kernels[2]!);
  expect(ledger.notUtf8Line).toBe(100);
});

test.each([
  ['7,1.5\n', 'a point in a whole number'],
  ['7,1e3\n', 'an exponent'],
  ['7,0x1F\n', 'a hexadecimal number'],
  ['7,1_000\n', 'an underscore'],
  ['7,007\n', 'a leading zero'],
  ['7,"1.5"\n', 'a point in quotes'],
])('stops at %j: %s', (bad) => {
  const rules = [VALUE_RULES.whole, VALUE_RULES.whole];
  const ledger = scanText(`${'0,-12\r\n'.repeat(50)}${bad}1,2\n`, 2, { rules });
  expect(ledger.misfit).toEqual({ line: 51, column: 1 });
  expect(ledger.rows).toBe(52);
  expect(isClean(ledger)).toBe(false);
});

test('finds the same wherever in a block of 64 bytes it stands', () => {
  const rules = [VALUE_RULES.none, VALUE_RULES.whole];
  for (let pad = 0; pad < 130; pad++) {
    const before = `${'k'.repeat(pad)},1\n`;
    const quoted = scanText(`${before}"a"b,2\n3,4\n`, 2);
    expect([pad, quoted.rows, quoted.afterQuotes]).toEqual([pad, 3, 1]);
    const misfit = scanText(`${before}k,1.55555\n3,4\n`, 2, { rules }).misfit;
    expect([pad, misfit]).toEqual([pad, { line: 2, column: 1 }]);
    const doubled = scanText(`${before}"a""b","""2"""\n3,4\n`, 2);
    expect([pad, isClean(doubled), doubled.rows]).toEqual([pad, true, 3]);
  }
});

test('takes CR and LF for one newline wherever it stands in a file whose lines end with CR', () => {
  const dialect = { ...COMMA, newline: 'cr' } as const;
  for (let pad = 0; pad < 130; pad++) {
    const text = `${'k'.repeat(pad)},1\r\n3,4\r5,6`;
    const task = taskFor(2, { dialect });
    const source = bytesOfBuffer(Buffer.from(text), 'a.csv');
    for (const kernel of kernels) {
      const found = scanByKernel(source, task, kernel);
      expect([pad, withoutPlaces(found)]).toEqual([pad, withoutPlaces(scanPlain(source, task))]);
    }
  }
});

test('reads no further than the file was long at first, and refuses one that became shorter', () => {
  const folder = temporaryFolder();
  const path = join(folder.dir, 'a.csv');
  writeFileSync(path, '1,2\n'.repeat(1000));
  const fd = openSync(path, 'r');
  try {
    const task = taskFor(2);
    for (const kernel of kernels) {
      expect(scanByKernel(bytesOfFile(fd, 2000, 'a.csv'), task, kernel).rows).toBe(500);
      expect(scanPlain(bytesOfFile(fd, 2000, 'a.csv'), task).rows).toBe(500);
      const longer = bytesOfFile(fd, 5000, 'a.csv');
      const shorter = 'a.csv became shorter while it was read.';
      expect(() => scanByKernel(longer, task, kernel)).toThrow(shorter);
      expect(() => scanPlain(longer, task)).toThrow(shorter);
    }
  } finally {
    closeSync(fd);
    folder.remove();
  }
});
