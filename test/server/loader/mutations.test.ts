import { Table, makeVector, tableToIPC, vectorFromArray } from 'apache-arrow';
import * as fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test, vi } from 'vitest';
import type { ErrorCode, HalftoneError } from '../../../server/errors.js';
import { resolveSources } from '../../../server/loader/sources/resolve-sources.js';
import { ensureKernel } from './csv/helpers/load.js';
import { loadHere, temporaryFolder } from './load-file.js';

// Sound files, damaged at random: each loads with every line accounted for, or is refused in a sentence.

vi.setConfig({ testTimeout: 3_600_000 });
/** Thousands were run; so many of each kind are run each time. */
const CASES = Number(process.env['HALFTONE_DAMAGE_CASES'] ?? 12);
const SEED = Number(process.env['HALFTONE_DAMAGE_SEED'] ?? 1);

const ROWS = 120;
const numbers = Array.from({ length: ROWS }, (_, i) => i);
const CSV = Buffer.from(
  `id,when,price,name\r\n${numbers
    .map((i) => `${i},2020-01-02 03:04:${10 + (i % 50)},${i / 7},"a ""b"", ${i}\n"\r\n`)
    .join('')}`,
);
const JSON_LINES = Buffer.from(
  numbers.map((i) => `${JSON.stringify({ id: i, s: `größe ${i}`, n: { a: [i] } })}\n`).join(''),
);
const PARQUET = Buffer.from(
  parquetWriteBuffer({
    columnData: [
      { name: 'id', data: Int32Array.from(numbers) },
      { name: 'name', data: numbers.map((i) => `name ${i % 9}`), type: 'STRING' },
      { name: 'x', data: numbers.map((i) => (i % 5 === 0 ? null : i / 3)), type: 'DOUBLE' },
    ],
  }),
);
const TABLE = new Table({
  id: makeVector(Int32Array.from(numbers)),
  name: vectorFromArray(numbers.map((i) => `größe ${i % 9}`)),
  x: vectorFromArray(numbers.map((i) => (i % 5 === 0 ? null : i / 3))),
  list: vectorFromArray(numbers.map((i) => [i, i + 1])),
});
const SOUND: Readonly<Record<string, Buffer>> = {
  'a.csv': CSV,
  'a.csv.gz': gzipSync(CSV),
  'a.jsonl': JSON_LINES,
  'a.parquet': PARQUET,
  'a.arrow': Buffer.from(tableToIPC(TABLE, 'file')),
  'a.arrows': Buffer.from(tableToIPC(TABLE, 'stream')),
};

interface Damage {
  at: number;
  byte: number;
  length: number;
  how: 'flip' | 'replace' | 'insert' | 'remove' | 'repeat' | 'cut';
}
const damages: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    at: fc.nat(),
    byte: fc.oneof(fc.constantFrom(34, 44, 10, 13, 0, 255, 123, 125), fc.nat(255)),
    length: fc.integer({ min: 1, max: 60 }),
    how: fc.constantFrom('flip', 'replace', 'insert', 'remove', 'repeat', 'cut'),
  }),
  { minLength: 1, maxLength: 3 },
);

function damaged(sound: Buffer, what: readonly Damage[]): Buffer {
  return what.reduce((bytes, { at: anywhere, byte, length, how }) => {
    const at = anywhere % bytes.length;
    const before = bytes.subarray(0, at);
    const one = Buffer.from([how === 'flip' ? bytes[at]! ^ (1 << (byte & 7)) : byte]);
    switch (how) {
      case 'insert':
        return Buffer.concat([before, one, bytes.subarray(at)]);
      case 'remove':
        return Buffer.concat([before, bytes.subarray(at + length), one]);
      case 'repeat':
        return Buffer.concat([before, bytes.subarray(at, at + length), bytes.subarray(at)]);
      case 'cut':
        return bytes.subarray(0, Math.max(1, bytes.length - length));
      default:
        return Buffer.concat([before, one, bytes.subarray(at + 1)]);
    }
  }, sound);
}

/** Codes that say what is wrong with a file; the others are ours or the machine's to answer for. */
const FAULTS: readonly ErrorCode[] = [
  'SOURCE_EMPTY', 'SOURCE_KIND_UNKNOWN', 'SOURCE_TRUNCATED', 'SOURCE_CORRUPT', 'SOURCE_ENCRYPTED', 'SOURCE_TOO_WIDE',
  'CSV_QUOTE_OPEN', 'LOAD_OUT_OF_MEMORY',
]; // prettier-ignore

beforeAll(ensureKernel);

test.each(Object.keys(SOUND))(
  'loads a damaged %s with every line accounted for, or says what is wrong with it',
  async (name) => {
    const folder = temporaryFolder();
    let nr = 0;
    try {
      await fc.assert(
        fc.asyncProperty(damages, async (what) => {
          const dir = join(folder.dir, String(nr++));
          const out = join(dir, 'out');
          mkdirSync(out, { recursive: true });
          writeFileSync(join(dir, name), damaged(SOUND[name]!, what));
          const { sources, problems } = await resolveSources([name], {
            cwd: dir,
            describe: async () => [],
          });
          const loaded = await (
            problems.length > 0 ? Promise.reject(problems[0]!.error) : loadHere(out, sources[0]!)
          ).catch((error: unknown) => error as HalftoneError);
          if (!('report' in loaded)) {
            const { code, message } = loaded;

            expect(FAULTS, message).toContain(code);
            expect(message).toMatch(/^a\.[a-z.]+[: ].*[.!]$/s);
            expect(message).not.toMatch(/\n|undefined|\[object|INTERNAL/);
            return;
          }
          const { report, rows, segments } = loaded;
          const stored = segments.flatMap(({ batches }) => batches.map((batch) => batch.rows));
          expect(report.rows + report.setAside).toBe(report.lines);
          expect([rows, stored.reduce((sum, count) => sum + count, 0)]).toEqual([
            report.rows,
            report.rows,
          ]);
        }),
        { numRuns: CASES, seed: SEED },
      );
    } finally {
      folder.remove();
    }
  },
);
