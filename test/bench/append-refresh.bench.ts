import { appendFileSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Query } from '../../protocol/query.js';
import { createLoading } from '../../server/catalog/loading.js';
import { createEngine } from '../../server/engine/create-engine.js';
import { createIndexes } from '../../server/indexes/indexes.js';
import { createLoader } from '../../server/loader/loader.js';
import type { DatasetSource } from '../../server/loader/source.js';
import { createColumnStore } from '../../server/memory/columns.js';
import { createPool } from '../../server/pool.js';
import { createAside } from '../../server/snapshots/aside.js';
import type { Snapshot } from '../../server/snapshots/manifest.js';
import { openStore } from '../../server/snapshots/store.js';
import { withDuckDb } from './duckdb.js';
import type { RunBench } from './result.js';
import { benchRounds, benchRows } from './size.js';
import { median } from './statistics.js';
import { BENCH_FOLDER } from './tables.js';

const tableOf = (from: number, to: number): string =>
  `SELECT i AS t, sin(i / 40000.0) * 50 + (hash(i + 1) % 1000) / 100.0 AS y,
  (hash(i + 2) % 100000)::INT AS z, 'word ' || (i % 8) AS word FROM range(${from}, ${to}) r(i)`;

/** The ten charts of a page. */
const CHARTS: Query[] = [
  { dataset: 'a', mark: 'line', method: 'm4', x: 't', y: 'y', width: 800 },
  { dataset: 'a', mark: 'line', method: 'm4', x: 't', y: 'z', width: 800 },
  { dataset: 'a', mark: 'scatter', method: 'density', x: 't', y: 'y' },
  { dataset: 'a', mark: 'scatter', method: 'density', x: 'z', y: 'y' },
  { dataset: 'a', mark: 'histogram', x: 'y' },
  { dataset: 'a', mark: 'histogram', x: 'z' },
  { dataset: 'a', mark: 'bar', x: 'word' },
  { dataset: 'a', mark: 'bar', x: 'word', aggregate: { op: 'mean', column: 'y' } },
  { dataset: 'a', mark: 'value', aggregate: { op: 'mean', column: 'y' } },
  { dataset: 'a', mark: 'value', aggregate: { op: 'sum', column: 'z' } },
];

/** How long a changed file is left alone. */
const SETTLE_MS = 500;
/** A child that is to be ready for the next load is started half a second after the last one. */
const CHILD_READY_MS = 2500;
/** A tenth of a second apart. */
const MOST_LOOKS = 50;

/**
 * One row in a hundred comes to a source that has grown before: from the look at it until ten frames of the new snapshot are there,
 * against loading all of it. As in a server, the indexes of the snapshot before are there, and a loader child waits.
 */
export const run: RunBench = async (report) => {
  const rows = benchRows(10_000_000);
  const more = Math.floor(rows / 100);
  mkdirSync(BENCH_FOLDER, { recursive: true });
  const dir = mkdtempSync(join(BENCH_FOLDER, 'append-refresh-'));
  const dist = pathToFileURL(join(process.cwd(), 'dist')).href;
  const now = (): Date => new Date();
  const shared = await openStore({ dir: join(dir, 'cache'), now });
  const aside = createAside({ dir, now, warn: () => {} });
  const childFile = fileURLToPath(`${dist}/bundle/child.js`);
  const loader = createLoader({ memoryBytes: 4e9, deadlineMs: 600_000, threads: 2, childFile });
  const pool = createPool({ threads: 2, filename: `${dist}/workers/tasks.js` });
  const store = createColumnStore({ read: (task) => pool.run('readSpans', task), budgetBytes: 4e9 }); // prettier-ignore
  const indexes = createIndexes({ store, pool, mayWrite: () => true });
  const engine = createEngine({ store, pool, indexes });
  const parts = createLoading(loader, { shared, aside });
  try {
    for (const kind of ['parquet', 'csv'] as const) {
      const before = await fileOf(kind, 0, rows);
      const after = [await fileOf(kind, rows, rows + more), await fileOf(kind, rows + more, rows + 2 * more)]; // prettier-ignore
      const { source, grow, shrink } = kind === 'csv' ? grownFile(before, after) : grownFolder(before, after); // prettier-ignore
      const [appended, whole]: number[][] = [[], []];
      for (let round = 0; round < benchRounds(3); round++) {
        shrink();
        let before = (await refresh(source())).snapshot;
        grow(0);
        before = (await refresh(source(), before)).snapshot;
        await atRest(before);
        grow(1);
        // As in a server, it is read once it has come to rest.
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
        const longer = await refresh(source(), before);
        if (longer.snapshot.manifest.appendedTo?.rows !== rows + more)
          throw new Error('It was no append.');
        await atRest(longer.snapshot);
        const anew = await refresh(source());
        gate(longer.frames, anew.frames, longer.snapshot, anew.snapshot);
        appended!.push(longer.ms);
        whole!.push(anew.ms);
      }
      const detail = `${median(appended!).toFixed(0)} ms against ${median(whole!).toFixed(0)} ms, both with ten frames; the wait for a changed file to come to rest is not in it`;
      const what = kind === 'csv' ? 'a CSV file that grew' : 'a Parquet file in a folder';
      const shape = { name: `1 % more of ${rows / 1e6} M rows, ${what}: ten frames`, gate: 'the frames are those of a full load', detail }; // prettier-ignore
      report({ ...shape, against: 'a full load', value: (100 * median(appended!)) / median(whole!), unit: '%', bar: 5, want: 'at most' }); // prettier-ignore
      report({ ...shape, against: 'the bar', value: median(appended!), unit: 'ms', bar: 1000, want: 'at most' }); // prettier-ignore
    }
  } finally {
    await indexes.close();
    await loader.close();
    await pool.close();
    await aside.close();
    shared.close();
    rmSync(dir, { recursive: true, force: true });
  }

  async function refresh(source: DatasetSource, previous?: Snapshot) {
    const started = performance.now();
    const { signal } = new AbortController();
    const snapshot = await parts.load(source, { signal, previous, onProgress: () => {} });
    if (snapshot.manifest.appendedTo && previous) await indexes.extend(previous, snapshot, signal);
    const frames = await Promise.all(CHARTS.map((query) => engine.frame(snapshot, query)));
    return { snapshot, frames: frames.map(({ bytes }) => bytes), ms: performance.now() - started };
  }

  /** Waits until no index of these charts is being built, and a loader child waits. */
  async function atRest(snapshot: Snapshot): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, CHILD_READY_MS));
    // A table that is small is scanned whatever there is: then nothing is ever built.
    for (let look = 0; look < MOST_LOOKS; look++) {
      const frames = await Promise.all(CHARTS.map((query) => engine.frame(snapshot, query)));
      if (!frames.some(({ plan }) => /is (being|not) built/u.test(plan.reason))) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  function grownFile(before: string, after: readonly string[]) {
    const file = join(dir, 'grown.csv');
    copyFileSync(before, file);
    const tails = after.map((each) => {
      const bytes = readFileSync(each);
      return bytes.subarray(bytes.indexOf(10) + 1);
    });
    const { size } = statSync(before);
    return {
      source: () => ({ name: 'grown', kind: 'csv', files: [file], united: false, csv: {}, strict: false }) as const, // prettier-ignore
      grow: (step: number) => appendFileSync(file, tails[step]!),
      shrink: () => truncateSync(file, size),
    };
  }

  function grownFolder(before: string, after: readonly string[]) {
    let files = [before];
    return {
      source: () => ({ name: 'folder', kind: 'parquet', files, root: BENCH_FOLDER, patterns: [dir], united: true, csv: {}, strict: false }) as const, // prettier-ignore
      grow: (step: number) => (files = [before, ...after.slice(0, step + 1)]),
      shrink: () => (files = [before]),
    };
  }
};

/** Frames name their snapshot; all else has to be the same. */
function gate(is: Uint8Array[], was: Uint8Array[], longer: Snapshot, anew: Snapshot): void {
  for (const [i, bytes] of is.entries()) {
    const text = Buffer.from(bytes).toString('latin1').replaceAll(longer.manifest.id, '');
    const other = Buffer.from(was[i]!).toString('latin1').replaceAll(anew.manifest.id, '');
    if (text !== other) throw new Error(`Chart ${i} differs.`);
  }
}

async function fileOf(kind: 'csv' | 'parquet', from: number, to: number): Promise<string> {
  // In the order of their paths.
  const file = join(BENCH_FOLDER, `refresh-${String(from).padStart(9, '0')}-${to}.${kind}`);
  if (existsSync(file)) return file;
  await withDuckDb(':memory:', (sql) =>
    sql(`COPY (${tableOf(from, to)}) TO '${file}.part' (FORMAT ${kind})`),
  );
  renameSync(`${file}.part`, file);
  return file;
}
