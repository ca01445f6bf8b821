import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FrameMetadata } from '../../protocol/frame.js';
import type { Problem } from '../../protocol/problem.js';
import { halftone, killAll, type Halftone } from '../helpers/halftone-process.js';
import { duckdb } from '../server/loader/load-file.js';

// Whole processes, each with its loads: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const ROWS = 200_000;
const COLUMNS = 16;
/** Of which four fifths are for columns: room for five of 1.6 MB each. */
const LIMIT = 10_250_000;

/** The value of a column in a row: every column has its own order. */
const valueAt = (column: number, row: number): number => ((row * (2 * column + 3)) % 9973) / 7;

interface Ask {
  /** A range on each of these columns. */
  filters: { column: number; min: number; max: number }[];
  /** The greatest value of this column among the rows that match. */
  greatest: number;
}

let folder: string;
let server: Halftone;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'halftone memory '));
  const columns = Array.from(
    { length: COLUMNS },
    (_, column) => `((i * ${2 * column + 3}) % 9973) / 7::DOUBLE AS c${column}`,
  );
  await duckdb(
    `COPY (SELECT ${columns.join(', ')} FROM range(${ROWS}) t(i)) TO '${join(folder, 'wide.parquet')}'`,
  );
  const args = [
    'wide.parquet',
    '--port',
    '0',
    '--cache-dir',
    'cache',
    '--memory-limit',
    `${LIMIT}B`,
  ];
  server = halftone(args, { cwd: folder });
  expect(await server.settled('wide')).toMatchObject({ status: 'ready', rows: ROWS });
});
afterAll(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

const queryOf = ({ filters, greatest }: Ask): object => ({
  dataset: 'wide',
  mark: 'value',
  aggregate: { op: 'max', column: `c${greatest}` },
  filters: filters.map(({ column, min, max }) => ({ op: 'range', column: `c${column}`, min, max })),
});

function answerByScan({ filters, greatest }: Ask): { matched: number; value: number | null } {
  let matched = 0;
  let value: number | null = null;
  for (let row = 0; row < ROWS; row++) {
    if (!filters.every(({ column, min, max }) => inRange(valueAt(column, row), min, max))) continue;
    matched++;
    value = Math.max(value ?? -Infinity, valueAt(greatest, row));
  }
  return { matched, value };
}

const inRange = (value: number, min: number, max: number): boolean => value >= min && value <= max;

async function ask(one: Ask): Promise<{ matched: number; value: number | null }> {
  const response = await server.frame(queryOf(one));
  if (response.status !== 200) throw new Error(await response.text());
  const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
  const { rows } = JSON.parse(table.schema.metadata!.get('halftone')!) as FrameMetadata;
  return { matched: rows.matched, value: table.getChild('value')!.at(0) as number | null };
}

/** The `nth` of many different queries over up to four columns. */
function asked(nth: number): Ask {
  const columns = Array.from({ length: 1 + (nth % 3) }, (_, i) => (nth * 5 + i * 7) % COLUMNS);
  return {
    filters: columns.map((column, i) => ({ column, min: 10 * i, max: 600 + nth + i })),
    greatest: (nth * 3 + 1) % COLUMNS,
  };
}

interface MemoryReport {
  columns: { bytes: number; maxBytes: number };
  account: { limitBytes: number; bookedBytes: number; peakBytes: number; scratchBytes: number };
}

async function memoryReport(): Promise<MemoryReport> {
  const response = await fetch(`${await server.address()}/api/v1/cache`);
  return ((await response.json()) as { memory: MemoryReport }).memory;
}

/** Runs tasks, so many at a time. */
async function atOnce(tasks: readonly (() => Promise<void>)[], width: number): Promise<void> {
  const left = [...tasks];
  const work = async (): Promise<void> => {
    for (let task = left.shift(); task !== undefined; task = left.shift()) await task();
  };
  await Promise.all(Array.from({ length: width }, work));
}

describe('fifty queries at a time over three times the columns that fit', () => {
  test('are all answered, rightly, and never over the limit', async () => {
    let isRunning = true;
    let most = 0;
    const watching = (async () => {
      while (isRunning) {
        const { columns, account } = await memoryReport();
        const { bytes, maxBytes } = columns;
        expect(account.bookedBytes).toBeLessThanOrEqual(account.limitBytes);
        expect(bytes).toBeLessThanOrEqual(maxBytes);
        expect(maxBytes).toBeLessThanOrEqual(LIMIT);
        most = Math.max(most, bytes);
      }
    })();
    const tasks = Array.from({ length: 150 }, (_, nth) => async () => {
      expect(await ask(asked(nth)), `query ${nth}`).toEqual(answerByScan(asked(nth)));
    });
    await atOnce(tasks, 50);
    isRunning = false;
    await watching;
    // More than half was in use: the queries did press on one another.
    expect(most).toBeGreaterThan(LIMIT * 0.4);
  });

  test('are answered also where many of them are withdrawn', async () => {
    const url = `${await server.address()}/api/v1/frame`;
    const tasks = Array.from({ length: 100 }, (_, nth) => async () => {
      const one = asked(1000 + nth);
      if (nth % 2 === 0) {
        expect((await ask(one)).matched).toBe(answerByScan(one).matched);
        return;
      }
      const controller = new AbortController();
      const asking = fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(queryOf(one)),
        signal: controller.signal,
      });
      setTimeout(() => controller.abort(), nth % 20);
      await asking.catch(() => undefined);
    });
    await atOnce(tasks, 50);
    // Nothing stayed behind that nobody lets go of: all of the room can be had.
    const all = {
      filters: [0, 1, 2, 3].map((column) => ({ column, min: 0, max: 900 })),
      greatest: 4,
    };
    expect(await ask(all)).toEqual(answerByScan(all));
  });
});

test('a query that cannot fit alone is refused in a sentence, at once, and harms no other', async () => {
  const filters = Array.from({ length: 8 }, (_, column) => ({ column, min: 0, max: 2000 }));
  const fits = asked(5);
  const [refused, answered] = await Promise.all([
    server.frame(queryOf({ filters, greatest: 9 })),
    ask(fits),
  ]);
  expect(refused.status).toBe(507);
  expect((await refused.json()) as Problem).toMatchObject({
    code: 'MEMORY_EXHAUSTED',
    detail: expect.stringMatching(
      /^This query needs 15 MB of columns, and only 9 MB of columns may be in memory at all\.$/u,
    ) as string,
    hint: expect.stringContaining('--memory-limit') as string,
  });
  expect(answered).toEqual(answerByScan(fits));
});
