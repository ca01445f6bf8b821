import { mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Query } from '../../protocol/query.js';
import { expectedCounts, metadataOf, mustEqual } from './density.js';
import { withDuckDb } from './duckdb.js';
import type { RunBench } from './result.js';
import { residentBytes, startServer, type BenchServer } from './server.js';
import { benchRounds, benchRows } from './size.js';
import { BENCH_FOLDER, wideFiles } from './tables.js';

const FRAMES = 100;
/** Stored as they are: two doubles and a 16-bit integer a row. */
const COLUMNS = ['amount', 'ratio', 'delay'] as const;
const BYTES_A_ROW = 8 + 8 + 2;
const ALLOWANCE_MB = 250;

/** The resident memory of the main process, which the threads share, some time after a hundred mixed frames. */
export const run: RunBench = async (report) => {
  const rows = benchRows(10_000_000);
  const restMs = 10_000 * (benchRounds(2) - 1);
  const { parquet } = await wideFiles(rows);
  const dataset = basename(parquet, '.parquet');
  const cacheDir = mkdtempSync(join(BENCH_FOLDER, 'resident-'));
  try {
    const loading = await startServer([parquet], cacheDir);
    await loading.ready(dataset);
    await loading.stop();
    const server = await startServer([parquet], cacheDir);
    try {
      await server.ready(dataset);
      const idle = residentBytes(server.pid);
      await askFrames(server, dataset, rows, parquet);
      const after = residentBytes(server.pid);
      await sleep(restMs);
      const columnBytes = rows * BYTES_A_ROW;
      const kept = await server.get<{ memory: { columns: { bytes: number } } }>('cache');
      report({
        name: `resident memory with ${rows / 1e6} M rows × ${COLUMNS.length} columns, ${restMs / 1000} s after ${FRAMES} mixed frames`,
        against: `1.3 × ${(columnBytes / 1e6).toFixed(0)} MB of columns + ${ALLOWANCE_MB} MB`,
        value: residentBytes(server.pid) / 1e6,
        unit: 'MB',
        bar: Math.round((1.3 * columnBytes) / 1e6 + ALLOWANCE_MB),
        want: 'at most',
        gate: 'every frame accounts for every row; the counts of the first are DuckDB’s',
        detail: `${(idle / 1e6).toFixed(0)} MB before the first frame, ${(after / 1e6).toFixed(0)} MB after the last; ${(kept.memory.columns.bytes / 1e6).toFixed(0)} MB of columns are kept`,
      });
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(cacheDir, { recursive: true });
  }
};

async function askFrames(
  server: BenchServer,
  dataset: string,
  rows: number,
  file: string,
): Promise<void> {
  const view = { x: 'amount', y: 'delay', width: 1000, height: 600 } as const;
  const expected = await withDuckDb(':memory:', async (sql) =>
    expectedCounts(sql, { from: `'${file}'`, ...view }),
  );
  mustEqual(await server.frame({ dataset, mark: 'scatter', method: 'density', ...view }), expected);
  for (let i = 1; i < FRAMES; i++) {
    const { rows: counted } = metadataOf(await server.frame({ dataset, ...mixed(i) }));
    const { total, matched, drawn, outside, dropped } = counted;
    if (total !== rows || matched !== drawn + outside + dropped)
      throw new Error(`Frame ${i} accounts for ${JSON.stringify(counted)}, expected ${rows} rows.`);
  }
}

/** Another query for each `i`, of all marks; what has been computed before helps no other. */
function mixed(i: number): Omit<Query, 'dataset'> {
  const size = { width: 1000, height: 600 };
  const filters: Query['filters'] = [{ op: 'range', column: 'delay', min: i, max: 900 + i }];
  const few: Query['filters'] = [
    { op: 'range', column: 'ratio', min: i * 1000, max: i * 1000 + 200 },
  ];
  const queries: Omit<Query, 'dataset'>[] = [
    { mark: 'scatter', method: 'density', x: 'amount', y: 'ratio', filters, ...size },
    { mark: 'scatter', x: 'ratio', y: 'delay', filters: few, ...size },
    { mark: 'histogram', x: 'amount', filters },
    { mark: 'line', method: 'm4', x: 'ratio', y: 'amount', filters, ...size },
    { mark: 'bar', x: 'delay', aggregate: { op: 'median', column: 'amount' }, filters: few },
    { mark: 'heatmap', x: 'amount', y: 'ratio', cells: { x: 50, y: 50 }, filters, ...size },
    { mark: 'value', aggregate: { op: 'quantile', p: 0.9, column: 'ratio' }, filters },
    { mark: 'rows', columns: [...COLUMNS], sort: [{ column: 'delay', order: 'desc' }], filters },
  ];
  return queries[i % queries.length]!;
}
