import { tableFromIPC } from '@uwdata/flechette';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Explanation } from '../../protocol/explanation.js';
import type { Filter, Query } from '../../protocol/query.js';
import { withDuckDb, type Sql } from './duckdb.js';
import type { RunBench } from './result.js';
import { startServer, type BenchServer } from './server.js';
import { benchRounds, benchRows } from './size.js';
import { median } from './statistics.js';
import { BENCH_FOLDER, wideFiles } from './tables.js';

const LIMIT = 100;
const PAGES = 40;
const FILTERS: Filter[] = [{ op: 'range', column: 'delay', min: 100, max: 899 }];
const COLUMNS = { amount: 'a double', label: 'a million texts' } as const;
type Column = keyof typeof COLUMNS;
const ORDERS = ['asc', 'desc'] as const;

/** A page of the table: what is asked, and the rows that DuckDB has there. */
interface Page {
  query: Query;
  rows: readonly number[];
}

/** Pages of a table in the order of a number and of a text, the first without an index and later ones anywhere. */
export const run: RunBench = async (report) => {
  const rows = benchRows(10_000_000);
  const { parquet } = await wideFiles(rows);
  const dataset = basename(parquet, '.parquet');
  const cacheDir = mkdtempSync(join(BENCH_FOLDER, 'sorted-'));
  const rounds = benchRounds(3);
  try {
    for (const column of Object.keys(COLUMNS) as Column[]) {
      const pages = await expectedPages(parquet, dataset, column, rows);
      const firsts: number[] = [];
      const builds: number[] = [];
      const later: number[] = [];
      const filtered: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const server = await startServer([parquet], cacheDir);
        try {
          await server.ready(dataset);
          // The table is shown before anybody sorts it: its columns are in memory.
          await server.frame({ dataset, mark: 'rows', columns: ['amount', 'label', 'delay'] });
          removeOrders(cacheDir);
          firsts.push(await ask(server, pages.first));
          builds.push(await untilBuilt(server, pages.first.query));
          for (const page of pages.later) later.push(await ask(server, page));
          for (const page of pages.filtered) filtered.push(await ask(server, page));
        } finally {
          await server.stop();
        }
      }
      const common = {
        unit: 'ms',
        want: 'at most',
        gate: 'the rows of DuckDB’s ORDER BY',
      } as const;
      const name = `${rows / 1e6} M rows, ${COLUMNS[column]}`;
      const bytes = orderBytes(cacheDir) / rows;
      report({
        ...common,
        name: `table sorted for the first time, ${name}`,
        against: 'from question to page, by HTTP, no index yet',
        value: median(firsts),
        bar: 300,
        detail: `${told(firsts)}; the order is built ${(median(builds) / 1000).toFixed(2)} s later, ${bytes.toFixed(2)} B a row`,
      });
      report({
        ...common,
        name: `table sorted, any later offset, ${name}`,
        against: `the slowest of ${later.length} random offsets, by HTTP`,
        value: Math.max(...later),
        bar: 50,
        detail: told(later),
      });
      report({
        ...common,
        name: `the same with a filter that 80 % of the rows pass`,
        against: `the slowest of ${filtered.length} random offsets, by HTTP`,
        value: Math.max(...filtered),
        bar: 100,
        detail: told(filtered),
      });
    }
  } finally {
    rmSync(cacheDir, { recursive: true });
  }
};

const told = (times: readonly number[]): string =>
  `median ${median(times).toFixed(1)} ms, slowest ${Math.max(...times).toFixed(1)} ms`;

/** Asks for a page and gives the milliseconds; throws where it has other rows than DuckDB's. */
async function ask(server: BenchServer, { query, rows }: Page): Promise<number> {
  const startedAt = performance.now();
  const bytes = await server.frame(query);
  const elapsed = performance.now() - startedAt;
  const found = [...(tableFromIPC(bytes).getChild('row').toArray() as Iterable<number>)];
  if (found.length !== rows.length || found.some((row, i) => row !== rows[i])) {
    throw new Error(`${JSON.stringify(query)} has the rows ${found.slice(0, 5).join(', ')} …`);
  }
  return elapsed;
}

/** Milliseconds until the order of a query is there. */
async function untilBuilt({ url }: BenchServer, query: Query): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const response = await fetch(`${url}api/v1/explain`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(query),
    });
    const { plan } = (await response.json()) as Explanation;
    if (plan.tier === 'sub-index') return performance.now() - startedAt;
    await sleep(10);
  }
}

async function expectedPages(
  file: string,
  dataset: string,
  column: Column,
  rows: number,
): Promise<{ first: Page; later: Page[]; filtered: Page[] }> {
  const query = (order: (typeof ORDERS)[number], offset: number): Query => ({
    dataset,
    mark: 'rows',
    columns: ['amount', 'label'],
    sort: [{ column, order }],
    offset,
    limit: LIMIT,
  });
  return withDuckDb(':memory:', async (sql) => {
    const later: Page[] = [];
    const filtered: Page[] = [];
    let first: Page | undefined;
    for (const order of ORDERS) {
      const all = await place(sql, file, column, order, 'true');
      first ??= { query: query(order, 0), rows: await all(0) };
      for (let i = 0; i < PAGES / 2; i++) {
        const offset = Math.floor(Math.random() * (rows - LIMIT));
        later.push({ query: query(order, offset), rows: await all(offset) });
      }
      const kept = await place(sql, file, column, order, 'delay BETWEEN 100 AND 899');
      for (let i = 0; i < PAGES / 4; i++) {
        const offset = Math.floor(Math.random() * rows * 0.79);
        const asked = { ...query(order, offset), filters: FILTERS };
        filtered.push({ query: asked, rows: await kept(offset) });
      }
    }
    return { first: first!, later, filtered };
  });
}

/** Numbers the rows of an order, and gives the way to those of a page. */
async function place(
  sql: Sql,
  file: string,
  column: Column,
  order: string,
  where: string,
): Promise<(offset: number) => Promise<number[]>> {
  await sql(`CREATE OR REPLACE TABLE placed AS SELECT id::INTEGER AS id,
    row_number() OVER (ORDER BY ${column} ${order} NULLS LAST, id) - 1 AS place FROM '${file}' WHERE ${where}`);
  return async (offset) => {
    const found = await sql(
      `SELECT id FROM placed WHERE place BETWEEN ${offset} AND ${offset + LIMIT - 1} ORDER BY place`,
    );
    return found.map(([id]) => Number(id));
  };
}

const isOrder = (name: string): boolean => name.includes('.sort-') && name.endsWith('.index');

function ordersIn(dir: string): string[] {
  return (readdirSync(dir, { recursive: true }) as string[])
    .filter((name) => isOrder(name))
    .map((name) => join(dir, name));
}

function removeOrders(dir: string): void {
  for (const path of ordersIn(dir)) rmSync(path);
}

const orderBytes = (dir: string): number =>
  ordersIn(dir).reduce((sum, path) => sum + statSync(path).size, 0);
