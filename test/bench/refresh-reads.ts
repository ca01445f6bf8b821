import { linkSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import type { DatasetInfo } from '../../protocol/dataset.js';
import type { FrameMetadata } from '../../protocol/frame.js';
import type { Query } from '../../protocol/query.js';
import type { Run } from '../../protocol/run.js';
import type { RunBench } from './result.js';
import { startServer, type BenchServer } from './server.js';
import { benchRefreshes, benchRows } from './size.js';
import { median, quantile } from './statistics.js';
import { BENCH_FOLDER, generatedFile } from './tables.js';

/** A pause of a reader between two frames. */
const PAUSE_MS = 200;
const READERS = 50;
/** Frames that tell how long one takes with no load. */
const QUIET_FRAMES = 1000;
const RANDOM_READERS = 4;
const POLL_MS = 20;

/** A dataset `live` whose file is replaced; version v has v in every row of its column `version`, and v rows more than the first. */
interface Live {
  server: BenchServer;
  /** Puts another file in its place, as its writer does, and gives the milliseconds until its rows answer. */
  replace(file: string): Promise<number>;
  close(): Promise<void>;
}

async function startLive(first: string, extension: string): Promise<Live> {
  const dir = mkdtempSync(join(BENCH_FOLDER, 'refresh-'));
  const path = join(dir, `live.${extension}`);
  linkSync(first, path);
  const config = join(dir, 'halftone.yaml');
  writeFileSync(
    config,
    `version: 1\ndatasets:\n  live: { files: ${path}, refresh: { every: 1d, runOnStart: false } }\n`,
  );
  const server = await startServer([], join(dir, 'cache'), ['--config', config]);
  await server.ready('live');
  return {
    server,
    async replace(file) {
      linkSync(file, `${path}.new`);
      renameSync(`${path}.new`, path);
      const startedAt = performance.now();
      const url = `${server.url}api/v1/datasets/live/refresh`;
      const { id } = (await (await fetch(url, { method: 'POST' })).json()) as Run;
      for (;;) {
        const { state, problem } = await server.get<Run>(`runs/${id}`);
        if (state === 'done') return performance.now() - startedAt;
        if (problem !== undefined) throw new Error(problem.detail);
        await rest(POLL_MS);
      }
    },
    async close() {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Reads one frame that nobody has asked for; throws where it has rows of two versions, and gives its version and its time. */
async function read(
  { server }: Live,
  low: number,
  rowsOfFirst: number,
): Promise<{ version: number; ms: number }> {
  const query: Query = {
    dataset: 'live',
    mark: 'value',
    aggregate: { op: 'sum', column: 'version' },
    filters: [{ op: 'range', column: 'x', min: -low }],
  };
  const startedAt = performance.now();
  const bytes = await server.frame(query);
  const ms = performance.now() - startedAt;
  const table = tableFromIPC(bytes);
  const { rows } = JSON.parse(table.schema.metadata!.get('halftone')!) as FrameMetadata;
  const version = rows.total - rowsOfFirst;
  const sum = Number(table.getChild('value')!.at(0));
  if (sum !== version * rows.total) {
    throw new Error(`A frame of ${rows.total} rows has the sum ${sum}: it is of two versions.`);
  }
  return { version, ms };
}

/** All rows of ten million are replaced under fifty readers. */
export const replacement: RunBench = async (report) => {
  const rows = benchRows(10_000_000);
  const fileOf = (version: number): Promise<string> =>
    generatedFile(
      `refresh-${rows}-${version}.parquet`,
      `SELECT ${version}::INTEGER AS version, (hash(i) % 1000003) / 7.0 AS x, sin(i / 40000.0) AS y FROM range(${rows + version}) r(i)`,
    );
  const [first, second] = [await fileOf(0), await fileOf(1)];
  const live = await startLive(first, 'parquet');
  try {
    const times: { ms: number; at: number; version: number }[] = [];
    let isOver = false;
    let asked = 0;
    const readers = Array.from({ length: READERS }, async (_, reader) => {
      await rest((PAUSE_MS * reader) / READERS);
      while (!isOver) {
        const at = performance.now();
        const { ms, version } = await read(live, ++asked, rows);
        times.push({ ms, at, version });
        await rest(PAUSE_MS);
      }
    });
    const done = Promise.all(readers);
    const until = async (frames: number): Promise<void> => {
      while (times.length < frames) await Promise.race([rest(POLL_MS), done]);
    };
    // Each has its columns in memory by then.
    await until(2 * READERS);
    const quietFrom = performance.now();
    await until(times.length + QUIET_FRAMES);
    const loadFrom = performance.now();
    const tookMs = await Promise.race([live.replace(second), done.then(() => NaN)]);
    const loadTo = performance.now();
    // What was asked for before it answered is there, and each has read the new rows.
    await until(times.length + 2 * READERS);
    isOver = true;
    await done;
    const between = (from: number, to: number): number[] =>
      times.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms);
    const [quiet, loading] = [between(quietFrom, loadFrom), between(loadFrom, loadTo)];
    if (times.at(-1)!.version !== 1) throw new Error('The new rows were never read.');
    const [before, under] = [quantile(quiet, 0.99), quantile(loading, 0.99)];
    report({
      name: `frames for ${READERS} readers while ${rows / 1e6} M rows are replaced, p99`,
      against: 'no load',
      value: under / before,
      unit: '×',
      bar: 2,
      want: 'at most',
      gate: 'no error; every frame is of one snapshot',
      detail: `${under.toFixed(0)} ms of ${loading.length} frames against ${before.toFixed(0)} ms of ${quiet.length}; medians ${median(loading).toFixed(0)} and ${median(quiet).toFixed(0)} ms; replaced in ${(tookMs / 1000).toFixed(1)} s; each reader asks ${PAUSE_MS} ms after its last frame`,
    });
  } finally {
    await live.close();
  }
};

/** A hundred refreshes, or as many as are asked for, under random reads. */
export const randomReads: RunBench = async (report) => {
  const rows = 2000;
  const refreshes = benchRefreshes(
    Math.max(1, Math.min(100, Math.floor(benchRows(1_000_000) / 10_000))),
  );
  const dir = mkdtempSync(join(BENCH_FOLDER, 'versions-'));
  const fileOf = (version: number): string => {
    const file = join(dir, 'next.csv');
    rmSync(file, { force: true });
    const lines = Array.from({ length: rows + version }, (_, row) => `${version},${row % 97}\n`);
    writeFileSync(file, `version,x\n${lines.join('')}`);
    return file;
  };
  const live = await startLive(fileOf(0), 'csv');
  try {
    let [published, asked, stale] = [0, 0, 0];
    let isOver = false;
    const readers = Array.from({ length: RANDOM_READERS }, async () => {
      while (!isOver) {
        const least = published;
        const { version } = await read(live, ++asked % 5000, rows);
        if (version < least) stale++;
        await rest(Math.random() * 20);
      }
    });
    const done = Promise.all(readers);
    const startedAt = performance.now();
    for (let version = 1; version <= refreshes; version++) {
      await Promise.race([live.replace(fileOf(version)), done]);
      published = version;
    }
    const ms = (performance.now() - startedAt) / refreshes;
    isOver = true;
    await done;
    report({
      name: `stale frames in ${refreshes} refreshes with random reads`,
      against: `${asked} frames`,
      value: stale,
      unit: 'frames',
      bar: 0,
      want: 'at most',
      gate: 'no error; every frame is of one snapshot',
      detail: `${RANDOM_READERS} readers, by which a version counts once its run is told as done; ${ms.toFixed(0)} ms a refresh, which starts a loader`,
    });
    await secondView(live, report);
  } finally {
    await live.close();
    rmSync(dir, { recursive: true, force: true });
  }
};

/** The time that a server takes for a query that it has answered before. */
async function secondView({ server }: Live, report: Parameters<RunBench>[0]): Promise<void> {
  const times: number[] = [];
  const { snapshot } = await server.get<DatasetInfo>('datasets/live');
  for (let i = 0; i < 300; i++) {
    const body = JSON.stringify({
      dataset: 'live',
      snapshot,
      mark: 'histogram',
      x: 'x',
      bins: 10 + (i % 100),
    });
    const headers = { 'content-type': 'application/json' };
    const ask = (): Promise<Response> =>
      fetch(`${server.url}api/v1/frame`, { method: 'POST', headers, body });
    await (await ask()).arrayBuffer();
    const response = await ask();
    await response.arrayBuffer();
    const status = response.headers.get('cache-status') ?? '';
    if (!response.ok || !status.startsWith('Halftone; hit'))
      throw new Error(`${response.status}, ${status}`);
    times.push(Number(/total;dur=([\d.]+)/u.exec(response.headers.get('server-timing')!)![1]));
  }
  report({
    name: 'second view of a query, by Server-Timing',
    against: 'a histogram',
    value: quantile(times, 0.99),
    unit: 'ms',
    bar: 5,
    want: 'at most',
    gate: 'Cache-Status says hit',
    detail: `the 99th percentile of ${times.length}, median ${median(times).toFixed(2)} ms`,
  });
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
