import { mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Query } from '../../protocol/query.js';
import { expectedCounts, metadataOf, mustEqual } from './density.js';
import { withDuckDb } from './duckdb.js';
import type { RunBench } from './result.js';
import { residentBytes, startServer, type BenchServer } from './server.js';
import { benchRounds, benchRows } from './size.js';
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
    try {
      await server.ready(dataset);
      await gate(server, dataset, file);
      let most = 0;
      const watch = setInterval(() => {
        most = Math.max(most, residentBytes(server.pid));
      }, LOOK_MS);
      const times: number[] = [];
      for (let round = 0; round < benchRounds(2); round++) {
        for (const query of mixed(round, rows)) {
          const started = performance.now();
          const counted = metadataOf(await server.frame({ dataset, ...query })).rows;
          times.push(performance.now() - started);
          const { total, matched, drawn, outside, dropped } = counted;
          if (total !== rows || matched !== drawn + outside + dropped)
            throw new Error(`${query.mark}: ${JSON.stringify(counted)}, expected ${rows} rows.`);
        }
      }
      clearInterval(watch);
      const bar = Math.round(1.3 * limitMb + ALLOWANCE_MB);
      report({
        ...shared,
        name: `${shared.name}: most resident memory`,
        against: `1.3 × ${limitMb} MB of columns + ${ALLOWANCE_MB} MB`,
        value: most / 1e6,
        unit: 'MB',
        bar,
        detail: `${times.length} frames of all marks`,
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

/** Queries over all rows, others in each round. */
function mixed(round: number, rows: number): Omit<Query, 'dataset'>[] {
  const size = { width: 1000, height: 600 };
  const filters: Query['filters'] = [{ op: 'range', column: 'n', min: round, max: 1900 + round }];
  const few: Query['filters'] = [{ op: 'range', column: 'a', min: round, max: 1e4 + round }];
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
    { mark: 'rows', offset: Math.floor(rows / 2) + round, limit: 100 },
  ];
}
