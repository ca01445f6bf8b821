import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { CsvDialect } from '../../../../server/loader/csv/dialect.js';
import { bytesOfBuffer } from '../../../../server/loader/byte-source.js';
import { RecordReader } from '../../../../server/loader/csv/record-reader.js';
import { ensureKernel, loadFiles } from './helpers/load.js';

beforeAll(ensureKernel);

const COMMA: CsvDialect = { delimiter: ',', quote: '"', escape: '"', newline: 'lf' };

/** The rows that a plain reading of every record gives: an empty field that is not quoted is null. */
function plainRows(text: string, width: number): (string | null)[][] | string {
  const bytes = Buffer.from(text);
  const reader = new RecordReader(bytesOfBuffer(bytes, 'a.csv'), COMMA, { width });
  const rows: (string | null)[][] = [];
  try {
    while (reader.read()) {
      const isRow = reader.fields === width && !reader.broken && !(reader.blank && width > 1);
      if (!isRow) continue;
      rows.push(
        Array.from({ length: width }, (_, i) =>
          reader.value(i).length === 0 && !reader.isQuoted(i) ? null : reader.text(i),
        ),
      );
    }
  } catch (error) {
    return (error as Error).message;
  }
  return rows;
}

const cell = fc.oneof(
  fc.stringMatching(/^[a-z0-9 .-]{0,8}$/),
  fc.constantFrom('', '"', 'a"b', 'x,y', 'l1\nl2', 'l1\r\nl2', 'é', '日本', '\\', '"\\'),
);
const field = (text: string): string =>
  /[\r\n,"]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text;

test('gives DuckDB nothing it could read otherwise than a plain reader does', async () => {
  const damaged = fc.record({
    width: fc.integer({ min: 2, max: 4 }),
    cells: fc.array(cell, { minLength: 8, maxLength: 60 }),
    newline: fc.constantFrom('\n', '\r\n', '\r'),
    damages: fc.array(
      fc.record({ at: fc.nat(), sign: fc.constantFrom('"', ',', '\n', '\r', '', 'x', '""') }),
      { maxLength: 3 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(damaged, async ({ width, cells, newline, damages }) => {
      const rows: string[] = [];
      for (let i = 0; i + width <= cells.length; i += width) {
        rows.push(
          cells
            .slice(i, i + width)
            .map(field)
            .join(',') + newline,
        );
      }
      let text = rows.join('');
      for (const { at, sign } of damages) {
        const place = at % text.length;
        text = text.slice(0, place) + sign + text.slice(place + (at % 2));
      }
      const header = Array.from({ length: width }, (_, i) => `h${i}`);
      const types = Object.fromEntries(header.map((name) => [name, 'text']));
      const expected = plainRows(text, width);
      const csv = { delimiter: ',', quote: '"', escape: '"', header: true, types };
      // The header sets the width: many rows of it, so that no damage outvotes it.
      const top = `${header.join(',')}${newline}`;
      const filler = `${header.map(() => 'k').join(',')}${newline}`.repeat(70);
      const found = await loadFiles({ 'a.csv': top + filler + text }, { csv }).then(
        ({ rows, report }) => {
          expect(report.rows + report.setAside).toBe(report.lines);
          expect(report.rows).toBe(rows.length);
          return rows.slice(70);
        },
        (error: Error) => error.message,
      );
      if (typeof expected === 'string')
        expect(found).toMatch(/^a\.csv: the quote that opens in line/);
      else expect(found).toEqual(expected);
    }),
    { numRuns: 40 },
  );
}, 120_000);
