import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Query } from '../../protocol/query.js';
import type { Manifest } from '../../server/snapshots/manifest.js';
import { expectedCounts, mustEqual } from './density.js';
import { withDuckDb } from './duckdb.js';
import type { RunBench } from './result.js';
import { startServer } from './server.js';
import { benchRounds, benchRows } from './size.js';
import { median } from './statistics.js';
import { BENCH_FOLDER, wideFiles } from './tables.js';

const VIEW = { x: 'amount', y: 'delay', width: 1000, height: 600 } as const;
const STARTS_A_LOAD = 3;
const REBUILD_POLL_MS = 100;

/**
 * From the start of the process to the first correct frame of everything, out of the cache on disk, against loading
 * the file: from the listening server to the dataset that is ready, without starting and without asking.
 */
export const run: RunBench = async (report) => {
  const rows = benchRows(10_000_000);
  const rounds = benchRounds(2);
  const files = await wideFiles(rows);
  const expected = await withDuckDb(':memory:', async (sql) =>
    expectedCounts(sql, { from: `'${files.parquet}'`, ...VIEW }),
  );
  for (const [kind, file, bar] of [
    ['Parquet', files.parquet, 5],
    ['CSV', files.csv, 15],
  ] as const) {
    const cacheDir = mkdtempSync(join(BENCH_FOLDER, 'start-'));
    const loads: number[] = [];
    const starts: number[] = [];
    try {
      for (let round = 0; round < rounds; round++) {
        rmSync(cacheDir, { recursive: true });
        loads.push((await openOnce(file, cacheDir, expected)).loadMs);
        for (let i = 0; i < STARTS_A_LOAD; i++) {
          starts.push((await openOnce(file, cacheDir, expected)).totalMs);
        }
      }
      if (kind === 'Parquet') {
        flipByte(cacheDir, VIEW.x);
        await mustNotice(file, cacheDir, expected);
      }
    } finally {
      rmSync(cacheDir, { recursive: true, force: true });
    }
    report({
      name: `process start → first full-view frame of two columns of ${rows / 1e6} M rows, from the cache on disk`,
      against: `loading the ${kind}`,
      value: median(loads) / median(starts),
      unit: '×',
      bar,
      want: 'at least',
      gate: 'every cell has DuckDB’s count, also after a bit of the cache was flipped',
      detail: `${median(starts).toFixed(0)} ms against ${(median(loads) / 1000).toFixed(1)} s, medians of ${starts.length} and ${loads.length}`,
    });
  }
};

const queryOf = (file: string): Query => ({
  dataset: basename(file, extname(file)),
  mark: 'scatter',
  method: 'density',
  ...VIEW,
});

/** Starts a server on a file, asks it for the frame, and ends it. */
async function openOnce(
  file: string,
  cacheDir: string,
  expected: Uint32Array,
): Promise<{ loadMs: number; totalMs: number }> {
  const query = queryOf(file);
  const startedAt = performance.now();
  const server = await startServer([file], cacheDir);
  try {
    const listeningAt = performance.now();
    await server.ready(query.dataset);
    const readyAt = performance.now();
    const bytes = await server.frame(query);
    const totalMs = performance.now() - startedAt;
    mustEqual(bytes, expected);
    return { loadMs: readyAt - listeningAt, totalMs };
  } finally {
    await server.stop();
  }
}

/** Throws unless a server does not answer from a damaged cache, but builds it anew and then answers correctly. */
async function mustNotice(file: string, cacheDir: string, expected: Uint32Array): Promise<void> {
  const query = queryOf(file);
  const server = await startServer([file], cacheDir);
  try {
    await server.ready(query.dataset);
    for (let refusals = 0; ; refusals++) {
      try {
        const bytes = await server.frame(query);
        if (refusals === 0) throw new Error('The server answers from a cache that is damaged.');
        mustEqual(bytes, expected);
        return;
      } catch (error) {
        if (!(error as Error).message.includes('DATASET_LOADING')) throw error;
        await sleep(REBUILD_POLL_MS);
      }
    }
  } finally {
    await server.stop();
  }
}

/** Turns the sign of the first number of a column around: whoever does not check what it reads draws it elsewhere. */
function flipByte(cacheDir: string, column: string): void {
  const name = readdirSync(cacheDir, { recursive: true, encoding: 'utf8' }).find(
    (path) => basename(path) === 'manifest.json',
  )!;
  const manifest = JSON.parse(readFileSync(join(cacheDir, name), 'utf8')) as Manifest;
  const at = manifest.columns.findIndex(({ info }) => info.name === column);
  const [segment] = manifest.segments;
  const { offset } = segment!.batches[0]!.columns[at]!.data!;
  const file = openSync(join(cacheDir, dirname(name), segment!.file), 'r+');
  const byte = new Uint8Array(1);
  readSync(file, byte, 0, 1, offset + 7);
  byte[0]! ^= 0x80;
  writeSync(file, byte, 0, 1, offset + 7);
  closeSync(file);
}
