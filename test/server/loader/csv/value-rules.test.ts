import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { meantText, valueOf, valueRuleFor } from '../../../../server/loader/csv/column-sql.js';
import { isClean } from '../../../../server/loader/csv/ledger.js';
import { loadScanKernel, type ScanKernel } from '../../../../server/loader/csv/scan-kernel.js';
import { scanCsv } from '../../../../server/loader/csv/scan-csv.js';
import { readCsv, type ReadableCsv } from '../../../../server/loader/csv/select-sql.js';
import { temporaryFolder } from '../load-file.js';
import { ensureKernel } from './helpers/load.js';

const TYPES = [
  'BIGINT', 'HUGEINT', 'DOUBLE', 'BOOLEAN', 'DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP_NS', 'TIMESTAMP WITH TIME ZONE',
] as const; // prettier-ignore

/** Texts that DuckDB casts to one type or another, many of them to something that they do not say. */
const TEXTS = [
  '1', '0', '-1', '+1', '-0', '007', '-007', '+007', '1.0', '1.', '.5', '-.5', '1e3', '1E-3', '1_000', '1,000',
  ' 1', '1 ', '\t1', '"1"', '" 1"', '0x1F', '0b1', '1e400', 'nan', '-inf', 'Infinity', '9223372036854775808',
  '170141183460469231731687303715884105728', '1d', '1%', '--1', '1\u00a0',
  't', 'F', 'true', 'TRUE', ' true', 'tRuE', 'yes', 'no', 'y', 'on', 'epoch', 'today', 'now', 'infinity',
  '2020-01-02', '2020-1-2', ' 2020-01-02', '2020/01/02', '2020 01 02', '20200102', '02-01-2020', '05-01-20', '5-1-20',
  '020-01-02', '0020-01-02', '12020-01-02', '-2020-01-02', '2020-01-02 (BC)', '2020-13-01', '2020-02-30', '2020-01-',
  '2020-01-02T', '2020-01-02 10', '2020-01-02 10:00', '2020-01-02T10:00', '2020-01-02 10:00:00', '2020-01-02  10:00',
  '2020-01-02 1:2:3', '2020-01-02 10:00:', '2020-01-02 10:00:00.', '2020-01-02 10:00:00.5',
  '2020-01-02 10:00:00.123456', '2020-01-02 10:00:00.1234567', '2020-01-02 10:00:00.123456789',
  '2020-01-02 10:00:00.1234567891', '2020-01-02 10:00Z', '2020-01-02 10:00:00Z', '2020-01-02 10:00:00z',
  '2020-01-02 10:00:00.123456789Z', '2020-01-02 10:00:00 UTC', '2020-01-02 10:00-02', '2020-01-02 10:00:00+00',
  '2020-01-02 10:00:00+02:00', '2020-01-02 10:00:00-0230', '2020-01-02 10:00:00+02:00:30', '2020-01-02 10:00:00 +02',
  '2020-01-02 24:00:00', '2020-01-02 25:00', '2020-01-02,10:00', '10:00', '1:00', '1:2', '10:00:00', '24:00:00',
  '25:00', '10:00:60', '10:00:', '10:00:00.5', '10:00:00.1234567', '10:00:00+02', '10:00 AM', '100:00:00', '-10:00',
  '1500-01-01', '1500-01-01 00:00:00.123456789', '3000-01-01 00:00:00', '294247-01-10', 'NULL', 'NA', '-',
] as const; // prettier-ignore

let connection: DuckDBConnection;
let kernel: ScanKernel;
const folder = temporaryFolder();
beforeAll(async () => {
  ensureKernel();
  kernel = loadScanKernel(1 << 16);
  connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run("SET TimeZone = 'UTC'");
});
afterAll(() => {
  connection.closeSync();
  folder.remove();
});

const REFUSED = Symbol('refused');
const first = async (sql: string): Promise<unknown> =>
  (await connection.runAndReadAll(sql)).getRowsJS()[0]![0];

/** What the fast way makes of a file with this one value: refused by DuckDB, or stopped by the scan. */
async function fastValue(type: string, file: ReadableCsv): Promise<unknown> {
  const { path, dialect, width } = file;
  const rules = [valueRuleFor(type), 0 as const];
  const task = { path, name: 'a.csv', dialect, width, rules, dataStart: 0, dataLine: 1 };
  if (!isClean(scanCsv(task, kernel))) return REFUSED;
  const read = readCsv(file, new Map([[0, type]]));
  return first(`SELECT CAST(c0 AS VARCHAR) FROM ${read}`).catch(() => REFUSED);
}

test.each(TYPES)(
  'reads no text as another %s in the fast way than in the careful one',
  async (type) => {
    const path = join(folder.dir, 'a.csv');
    const dialect = { delimiter: ';', quote: '"', escape: '"', newline: 'lf' } as const;
    const file = { path, dialect, skip: 0, width: 2, longest: 0 };
    const plain = { decimal: '.', nulls: [], saidNulls: [], longest: 0, said: false } as const;
    const rule = { name: 'a', type, ...plain };
    let fastOnes = 0;
    for (const text of TEXTS) {
      writeFileSync(path, `${text};x\n`);
      const fast = await fastValue(type, file);
      if (fast === REFUSED) continue;
      fastOnes++;
      const value = valueOf(rule, type, meantText(rule, type, 'c0'));
      const read = readCsv(file, new Map());
      const careful = await first(`SELECT CAST(${value} AS VARCHAR) FROM ${read}`);
      expect([text, fast]).toEqual([text, careful]);
    }
    // The usual spellings must stay fast.
    expect(fastOnes).toBeGreaterThan(2);
  },
  60_000,
);
