import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FrameMetadata } from '../../protocol/frame.js';
import type { Problem } from '../../protocol/problem.js';
import type { Query } from '../../protocol/query.js';
import { halftone, killAll, type Halftone } from '../helpers/halftone-process.js';
import { duckdb } from '../server/loader/load-file.js';

// A whole process and a load: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const ROWS = 1_500_000;
/** The columns take 45 MB: half of them have room, and requests have a fifth of this. */
const LIMIT = 32_000_000;
/** What the process takes beside its limit: Node, its threads and their code, each request's own 8 MiB, and frames. */
const OVERHEAD = 420_000_000;

const TABLE = `SELECT i * 2.5 AS t, (hash(i) % 1000003) / 7.0 AS a, ((hash(i + 1) % 2000003)::BIGINT - 1000000) * 1000003 AS big,
  (hash(i + 2) % 900)::SMALLINT AS n, 'word ' || (hash(i + 3) % 12) AS word, (hash(i + 4) % 5000) / 4.0 AS b FROM range(${ROWS}) t(i)`;

let folder: string;
let server: Halftone;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'halftone account '));
  await duckdb(`COPY (${TABLE}) TO '${join(folder, 'tall.parquet')}'`);
  const args = ['tall.parquet', '--port', '0', '--cache-dir', 'cache', '--workers', '2'];
  server = halftone([...args, '--memory-limit', `${LIMIT}B`], { cwd: folder });
  expect(await server.settled('tall')).toMatchObject({ status: 'ready', rows: ROWS });
});
afterAll(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

type Ask = Omit<Query, 'dataset'>;

const ask = (query: Ask): Promise<Response> => server.frame({ dataset: 'tall', ...query });

async function answered(query: Ask): Promise<{ rows: FrameMetadata['rows']; value: number }> {
  const response = await ask(query);
  if (response.status !== 200) throw new Error(await response.text());
  const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
  const { rows } = JSON.parse(table.schema.metadata!.get('halftone')!) as FrameMetadata;
  return { rows, value: Number(table.getChild('value')?.at(0)) };
}

async function account(): Promise<Record<string, number>> {
  const response = await fetch(`${await server.address()}/api/v1/cache`);
  return ((await response.json()) as { memory: { account: Record<string, number> } }).memory
    .account;
}

const range: NonNullable<Query['filters']> = [{ op: 'range', column: 'n', min: 10, max: 800 }];
const where = 'WHERE n BETWEEN 10 AND 800';

/** Aggregates of more values than there is room for, and the SQL of each. */
const VALUES: readonly [NonNullable<Query['aggregate']>, string][] = [
  [{ op: 'median', column: 'a' }, 'median(a)'],
  [{ op: 'median', column: 'n' }, 'median(n)'],
  [{ op: 'quantile', column: 'b', p: 0.99 }, 'quantile_cont(b, 0.99)'],
  [{ op: 'quantile', column: 'big', p: 0.1 }, 'quantile_cont(big::DOUBLE, 0.1)'],
  [{ op: 'distinct', column: 'a' }, 'count(DISTINCT a)'],
  [{ op: 'distinct', column: 'big' }, 'count(DISTINCT big)'],
  [{ op: 'distinct', column: 'word' }, 'count(DISTINCT word)'],
];

const size = { width: 500, height: 300 };
const PICTURES: readonly Ask[] = [
  { mark: 'scatter', method: 'density', x: 'a', y: 'b', ...size },
  { mark: 'scatter', x: 't', y: 'b', budget: 100_000, ...size },
  { mark: 'line', method: 'm4', x: 't', y: 'a', ...size },
  { mark: 'line', method: 'minmaxlttb', x: 't', y: 'b', budget: 2000, ...size },
  { mark: 'histogram', x: 'a', color: 'word' },
  { mark: 'bar', x: 'word', aggregate: { op: 'mean', column: 'a' } },
  { mark: 'heatmap', x: 'a', y: 'b', ...size },
  { mark: 'rows', sort: [{ column: 'a' }], offset: 1000, limit: 50, columns: ['a', 'n'] },
  { mark: 'rows', offset: 700_000, limit: 100, columns: ['t', 'word'] },
];

describe('under a limit of half of the columns', () => {
  test('medians, quantiles and distinct counts of all rows are those of DuckDB', async () => {
    const file = join(folder, 'tall.parquet');
    for (const [filters, clause] of [[[], ''] as const, [range, where] as const]) {
      const sql = VALUES.map(([, one], i) => `${one} AS v${i}`).join(', ');
      const [expected] = await duckdb(`SELECT ${sql} FROM '${file}' ${clause}`);
      for (const [i, [aggregate]] of VALUES.entries()) {
        const { rows, value } = await answered({ mark: 'value', aggregate, filters: [...filters] });
        const right = Number(Object.values(expected as object)[i]);
        expect(Math.abs(value - right), JSON.stringify(aggregate)).toBeLessThanOrEqual(
          1e-12 * Math.abs(right),
        );
        expect(rows.drawn).toBe(rows.matched);
      }
    }
  });

  test('every kind of picture accounts for every row, and the account never exceeds the limit', async () => {
    for (const query of PICTURES) {
      const { rows } = await answered({ ...query, filters: range });
      expect(rows.matched).toBe(rows.drawn + rows.outside + rows.dropped);
      expect(rows.total).toBe(ROWS);
      const { limitBytes, bookedBytes } = await account();
      expect(limitBytes).toBe(LIMIT);
      expect(bookedBytes).toBeLessThanOrEqual(LIMIT);
    }
  });

  test('what cannot fit is refused with the numbers, and leaves the server as it was', async () => {
    const response = await ask({
      mark: 'bar',
      x: 'word',
      aggregate: { op: 'median', column: 'a' },
    });
    expect(response.status).toBe(507);
    expect((await response.json()) as Problem).toMatchObject({
      code: 'MEMORY_EXHAUSTED',
      detail: expect.stringMatching(
        /^Every value of the matching rows would take 36 MB of memory beside the columns\. The limit of this server is 32 MB; columns have \d+ MB of it\.$/u,
      ) as string,
      hint: expect.stringContaining('--memory-limit') as string,
    });
    const few: NonNullable<Query['filters']> = [{ op: 'range', column: 'n', min: 1, max: 90 }];
    const { rows } = await answered({
      mark: 'bar',
      x: 'word',
      aggregate: { op: 'median', column: 'a' },
      filters: few,
    });
    expect(rows.drawn).toBe(rows.matched);
    const { scratchBytes, peakBytes } = await account();
    expect(scratchBytes).toBe(0);
    expect(peakBytes).toBeLessThanOrEqual(LIMIT);
  });

  test.runIf(process.platform === 'linux')(
    'the process never took more than the limit and a stated overhead',
    () => {
      const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
      const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
      expect(peak).toBeLessThanOrEqual(LIMIT + OVERHEAD);
    },
  );
});
