import { mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import type { Query } from '../../protocol/query.js';
import { expectedCounts, metadataOf, mustEqual } from './density.js';
import { withDuckDb } from './duckdb.js';
import type { RunBench } from './result.js';
import { residentBytes, startServer, type BenchServer } from './server.js';
import { benchRows } from './size.js';
import { median } from './statistics.js';
import { BENCH_FOLDER, tallFile } from './tables.js';

const BYTES_A_ROW = 8 + 8 + 8 + 4 + 2 + 1;
const ALLOWANCE_MB = 250;
/** How often the server's memory is looked at, in milliseconds. */
const LOOK_MS = 20;

/** A table three times as large as the memory for columns: what is used of that, and how long frames take. */
export const run: RunBench = async (report) => {
  const rows = benchRows(100_000_000);
  const limitMb = Math.max(64, Math.round(rows / 100_000));
  const file = await tallFile(rows);
  const dataset = basename(file, '.parquet');
  const cacheDir = mkdtempSync(join(BENCH_FOLDER, 'scale-'));
  const shared = {
    name: `${rows / 1e6} M rows × 6 columns, ${((rows * BYTES_A_ROW) / 1e6).toFixed(0)} MB`,
    want: 'at most',
    gate: 'every frame accounts for every row; the counts of the first are DuckDB’s',
  } as const;
  try {
    const loading = await startServer([file], cacheDir);
    await loading.ready(dataset);
    await loading.stop();
    const server = await startServer([file], cacheDir, ['--memory-limit', `${limitMb}MB`]);
    let most = 0;
    let whole = 0;
    const watch = setInterval(() => {
      most = Math.max(most, residentBytes(server.pid));
      whole = Math.max(whole, most);
    }, LOOK_MS);
    try {
      await server.ready(dataset);
      await gate(server, dataset, file);
      const times: number[] = [];
      for (const query of mixed(rows)) {
        const started = performance.now();
        const counted = metadataOf(await server.frame({ dataset, ...query })).rows;
        times.push(performance.now() - started);
        const { total, matched, drawn, outside, dropped } = counted;
        if (total !== rows || matched !== drawn + outside + dropped)
          throw new Error(`${query.mark}: ${JSON.stringify(counted)}, expected ${rows} rows.`);
      }
      for (const { name, aggregate, bar } of AGGREGATES) {
        most = 0;
        const started = performance.now();
        const frame = await server.frame({ dataset, mark: 'value', aggregate });
        const ms = performance.now() - started;
        await gateValue(frame, aggregate, file, rows);
        report({
          ...shared,
          name: `${shared.name}: ${name}`,
          gate: 'DuckDB counts as many values below it, or as many distinct ones',
          against: `--memory-limit ${limitMb}MB`,
          value: ms,
          unit: 'ms',
          bar,
          detail: `${(most / 1e6).toFixed(0)} MB resident at the most`,
        });
      }
      const { memory } = await server.get<{ memory: { account: Record<string, number> } }>('cache');
      report({
        ...shared,
        name: `${shared.name}: most memory of columns, indexes, requests and kept frames together`,
        against: `--memory-limit ${limitMb}MB`,
        value: memory.account['peakBytes']! / 1e6,
        unit: 'MB',
        bar: limitMb,
        detail: 'as the server’s account says',
      });
      const bar = Math.round(1.3 * limitMb + ALLOWANCE_MB);
      report({
        ...shared,
        name: `${shared.name}: most resident memory`,
        against: `1.3 × ${limitMb} MB of columns + ${ALLOWANCE_MB} MB`,
        value: whole / 1e6,
        unit: 'MB',
        bar,
        detail: `${times.length} frames of all marks, and a median, a percentile and distinct values of all rows`,
      });
      report({
        ...shared,
        name: `${shared.name}: a frame of all rows`,
        against: `--memory-limit ${limitMb}MB`,
        value: median(times),
        unit: 'ms',
        bar: 20_000,
        detail: `slowest ${(Math.max(...times) / 1000).toFixed(1)} s; the files are in the system’s cache, each batch is read and checked anew`,
      });
    } finally {
      clearInterval(watch);
      await server.stop();
    }
  } finally {
    rmSync(cacheDir, { recursive: true });
  }
};

async function gate(server: BenchServer, dataset: string, file: string): Promise<void> {
  const view = { x: 'a', y: 'b', width: 1000, height: 600 } as const;
  const expected = await withDuckDb(':memory:', (sql) =>
    expectedCounts(sql, { from: `'${file}'`, ...view }),
  );
  mustEqual(await server.frame({ dataset, mark: 'scatter', method: 'density', ...view }), expected);
}

/** Of all rows, which hold every value where they are not searched. */
const AGGREGATES = [
  { name: 'the median of all rows', aggregate: { op: 'median', column: 'b' }, bar: 30_000 },
  {
    name: 'the 99th percentile of all rows',
    aggregate: { op: 'quantile', column: 'a', p: 0.99 },
    bar: 30_000,
  },
  { name: 'distinct values of a number', aggregate: { op: 'distinct', column: 'n' }, bar: 30_000 },
] as const;

/** Counts the values below a quantile, and those that do not exceed it: exact, and in no memory. */
async function gateValue(
  frame: Uint8Array,
  aggregate: (typeof AGGREGATES)[number]['aggregate'],
  file: string,
  rows: number,
): Promise<void> {
  const value = tableFromIPC(frame).getChild('value')!.at(0) as number;
  const { op, column } = aggregate;
  const [counted] = await withDuckDb(':memory:', (sql) =>
    sql(
      op === 'distinct'
        ? `SELECT count(DISTINCT ${column})::DOUBLE AS below, below AS upTo FROM '${file}'`
        : `SELECT count(*) FILTER (${column} < ${value}::DOUBLE)::DOUBLE AS below, count(*) FILTER (${column} <= ${value}::DOUBLE)::DOUBLE AS upTo FROM '${file}'`,
    ),
  );
  const [below, upTo] = Object.values(counted!) as [number, number];
  const wanted = op === 'distinct' ? value : (op === 'median' ? 0.5 : aggregate.p) * (rows - 1);
  if (below > Math.ceil(wanted) || upTo < Math.floor(wanted))
    throw new Error(`${op} of ${column}: ${value} has ${below} to ${upTo} below, not ${wanted}.`);
}

/** Queries over all rows. */
function mixed(rows: number): Omit<Query, 'dataset'>[] {
  const size = { width: 1000, height: 600 };
  const filters: Query['filters'] = [{ op: 'range', column: 'n', min: 1, max: 1900 }];
  const few: Query['filters'] = [{ op: 'range', column: 'a', min: 1, max: 1e4 }];
  return [
    { mark: 'scatter', method: 'density', x: 'a', y: 't', filters, ...size },
    { mark: 'scatter', x: 't', y: 'b', filters: few, ...size },
    { mark: 'line', method: 'm4', x: 't', y: 'y', filters, ...size },
    {
      mark: 'line',
      method: 'm4',
      x: 't',
      y: 'y',
      domain: { x: [rows * 1.5, rows * 1.6] },
      ...size,
    },
    { mark: 'histogram', x: 'b', color: 'word', filters },
    { mark: 'bar', x: 'word', aggregate: { op: 'mean', column: 'b' }, filters },
    { mark: 'heatmap', x: 'a', y: 'b', filters, ...size },
    { mark: 'value', aggregate: { op: 'sum', column: 'a' }, filters },
    { mark: 'rows', sort: [{ column: 'b' }], offset: 1000, filters },
    { mark: 'rows', offset: Math.floor(rows / 2), limit: 100 },
  ];
}
