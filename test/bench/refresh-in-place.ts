import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import type { FrameMetadata } from '../../protocol/frame.js';
import type { Query } from '../../protocol/query.js';
import { REST_MS } from '../../server/loader/files-at-rest.js';
import type { RunBench } from './result.js';
import { startServer, type BenchServer } from './server.js';
import { benchMinutes, benchRows } from './size.js';
import { BENCH_FOLDER } from './tables.js';

const CHARTS = 10;
const VERSIONS_A_MINUTE = 30;
/** A page hears of a snapshot; these charts look. */
const LOOK_MS = 100;
const FIRST = 1_000_000;
/** From the writer's end until every chart shows its last version. */
const PATIENCE_MS = 120_000;

/** What a chart was shown. */
interface Seen {
  snapshot: string;
  /** By the rows of the table. */
  version: number;
  /** By the rows of the chart. */
  versions: number[];
}

/** Counts the rows of each version in a chart's part of the table. */
async function look(server: BenchServer, chart: number, rows: number): Promise<Seen> {
  const query: Query = {
    dataset: chart % 2 === 0 ? 'watched' : 'scheduled',
    mark: 'bar',
    x: 'version',
    filters: [
      {
        op: 'range',
        column: 'row',
        min: FIRST + (chart * rows) / (CHARTS + 2),
        max: FIRST + ((chart + 3) * rows) / (CHARTS + 2),
      },
    ],
  };
  const table = tableFromIPC(await server.frame(query));
  const metadata = JSON.parse(table.schema.metadata!.get('halftone')!) as FrameMetadata;
  const keys = table.getChildAt(0)!.toArray() as ArrayLike<number | bigint>;
  return {
    snapshot: metadata.snapshot,
    version: metadata.rows.total - rows,
    versions: Array.from(keys, (key) => Number(key) - FIRST),
  };
}

/** A writer overwrites its file in place every two seconds, under ten charts of parts of it. */
export const inPlace: RunBench = async (report) => {
  const rows = benchRows(200_000);
  const versions = Math.ceil(benchMinutes(1) * VERSIONS_A_MINUTE);
  const dir = mkdtempSync(join(BENCH_FOLDER, 'in-place-'));
  const path = join(dir, 'table.csv');
  const lines = Array.from({ length: rows }, (_, i) => `${FIRST},${FIRST + i}`);
  writeFileSync(path, `version,row\n${lines.join('\n')}\n`);
  const config = join(dir, 'halftone.yaml');
  writeFileSync(
    config,
    `version: 1\ndatasets:\n  watched: { files: ${path} }\n  scheduled: { files: ${path}, refresh: { every: 2s } }\n`,
  );
  const server = await startServer([], join(dir, 'cache'), ['--config', config]);
  const writer = fork(new URL('in-place-writer.mjs', import.meta.url), [
    path,
    String(versions),
    String(rows),
  ]);
  try {
    for (const dataset of ['watched', 'scheduled']) await server.ready(dataset);
    let longestMs = 0;
    writer.on('message', (told: { longestMs: number }) => {
      longestMs = Math.max(longestMs, told.longestMs);
    });
    let giveUpAt = Infinity;
    const ended = once(writer, 'exit').then(() => (giveUpAt = performance.now() + PATIENCE_MS));
    const versionOf = new Map<string, number>();
    const last = new Map<number, number>();
    let [frames, mixed] = [0, 0];
    const isOver = (): boolean =>
      last.size === CHARTS && [...last.values()].every((version) => version === versions);
    const charts = Array.from({ length: CHARTS }, async (_, chart) => {
      while (!isOver()) {
        const { snapshot, version, versions: shown } = await look(server, chart, rows);
        if (!versionOf.has(snapshot)) versionOf.set(snapshot, version);
        frames++;
        if (shown.some((each) => each !== versionOf.get(snapshot))) mixed++;
        last.set(chart, version);
        if (performance.now() > giveUpAt) throw new Error('The last version was never shown.');
        await rest(LOOK_MS);
      }
    });
    await Promise.all([ended, ...charts]);
    report({
      name: 'frames of two versions while a file is overwritten in place every 2 s',
      against: `${frames} frames of ${CHARTS} zoomed charts`,
      value: mixed,
      unit: 'frames',
      bar: 0,
      want: 'at most',
      gate: 'no error; every chart shows the last version in the end',
      detail: `${versions} versions of ${rows} rows, of which ${versionOf.size} snapshots were made by a watched and a scheduled dataset; the file was left half written for ${longestMs.toFixed(0)} ms at most, and one that rests for ${REST_MS} ms counts as complete`,
    });
  } finally {
    writer.kill();
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
};

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
