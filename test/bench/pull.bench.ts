import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLoader } from '../../server/loader/loader.js';
import type { Manifest } from '../../server/snapshots/manifest.js';
import { startPostgres, type TestPostgres } from '../helpers/postgres.js';
import type { RunBench } from './result.js';
import { benchRounds, benchRows } from './size.js';
import { median } from './statistics.js';
import { BENCH_FOLDER } from './tables.js';

const TABLE = `
  SELECT i AS id, timestamptz '2026-01-01Z' + i * interval '3 seconds' AS at, (i * 7919 % 1000003) / 7.0::float8 AS amount,
    (i * 31 % 5000)::int - 2500 AS delay, (i * 17 % 100000 / 100.0)::numeric(8,2) AS price,
    CASE WHEN i % 11 = 0 THEN NULL ELSE 'station ' || i % 300 END AS station`;
const LOOK_MS = 20;

/** From the query to the segments on disk, against `psql` that copies the same rows to nowhere. */
export const run: RunBench = async (report) => {
  const rows = benchRows(10_000_000);
  const database = await startPostgres();
  if (database === undefined) throw new Error('This bench needs a PostgreSQL.');
  const loader = createLoader({
    memoryBytes: 4 * 2 ** 30,
    deadlineMs: 600_000,
    threads: 2,
    childFile: fileURLToPath(new URL('../../dist/server/loader/child.js', import.meta.url)),
  });
  const pull = async (
    query: string,
  ): Promise<{ manifest: Manifest; ms: number; peakMb: number }> => {
    const dir = mkdtempSync(join(BENCH_FOLDER, 'pull-'));
    const watched = watchChildren();
    const started = performance.now();
    try {
      const manifest = await loader.load(
        {
          name: 'pull',
          kind: 'postgres',
          files: [],
          united: false,
          csv: {},
          strict: false,
          postgres: { url: database.url, query },
        },
        {
          dir,
          dataset: 'pull',
          id: 'pull',
          sequence: 1,
          createdAt: '',
          fingerprint: { kind: 'postgres', files: [], options: '' },
        },
      );
      return { manifest, ms: performance.now() - started, peakMb: watched.stop() };
    } finally {
      watched.stop();
      rmSync(dir, { recursive: true, force: true });
    }
  };
  try {
    await database.run(
      `CREATE TABLE trips AS ${TABLE} FROM generate_series(1::bigint, ${rows}) i; ANALYZE trips; CHECKPOINT`,
    );
    const idle = (await pull('SELECT 1 AS one')).peakMb;
    const pulls: number[] = [];
    const copies: number[] = [];
    const peaks: number[] = [];
    for (let round = 0; round < benchRounds(3); round++) {
      copies.push(copyByPsql(database));
      const { manifest, ms, peakMb } = await pull('SELECT * FROM trips');
      if (round === 0) await mustBeWhole(manifest, database);
      pulls.push(ms);
      peaks.push(peakMb - idle);
    }
    const gate = 'rows, nulls and extremes of every column are the database’s';
    report({
      name: `pull of ${rows / 1e6} M rows of six columns from PostgreSQL into a snapshot`,
      against: 'psql, COPY … TO STDOUT to /dev/null',
      value: median(pulls) / median(copies),
      unit: '×',
      bar: 2.5,
      want: 'at most',
      gate,
      detail: `${(median(pulls) / 1000).toFixed(1)} s against ${(median(copies) / 1000).toFixed(1)} s, medians of ${pulls.length}; PostgreSQL ${database.version}`,
    });
    report({
      name: `memory of that pull’s process at its highest`,
      against: 'a pull of one row',
      value: Math.max(...peaks),
      unit: 'MB',
      bar: 400,
      want: 'at most',
      gate,
      detail: `over ${idle.toFixed(0)} MB`,
    });
  } finally {
    await loader.close();
    await database.stop();
  }
};

/** Milliseconds. */
function copyByPsql({ url }: TestPostgres): number {
  const started = performance.now();
  const { status, error, stderr } = spawnSync(
    'psql',
    [url, '-X', '-q', '-c', 'COPY (SELECT * FROM trips) TO STDOUT'],
    { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' },
  );
  if (status !== 0)
    throw new Error(`psql, which this bench needs, failed: ${error?.message ?? stderr}`);
  return performance.now() - started;
}

async function mustBeWhole({ rows, columns }: Manifest, database: TestPostgres): Promise<void> {
  const names = columns.map(({ info }) => info.name);
  const asked = names.map(
    (name, i) =>
      `count(*) - count(${name}) AS n${i}, min(${name})::text AS a${i}, max(${name})::text AS z${i}`,
  );
  const [row] = await database.run(
    `SET TimeZone = 'UTC'; SELECT count(*) AS rows, ${asked.join(', ')} FROM trips`,
  );
  const found = columns.map(({ info: { nulls, min, max } }) => [nulls, min, max].map(plain));
  const expected = names.map((_, i) => [row![`n${i}`], row![`a${i}`], row![`z${i}`]].map(plain));
  if (rows !== Number(row!['rows']) || JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(
      `The snapshot has ${JSON.stringify(found)}, the database ${JSON.stringify(expected)}.`,
    );
  }
}

/** A number as a number, and a time without what the two write differently. */
function plain(value: unknown): unknown {
  const text = String(value);
  if (text !== '' && Number.isFinite(Number(text))) return Number(text);
  return text.replace('T', ' ').replace(/(?:\.0+)?(?:Z|\+00)$/u, '');
}

/** Sees how much memory a child of this process takes at its highest; `stop` gives megabytes. */
function watchChildren(): { stop: () => number } {
  let peakKb = 0;
  const timer = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/u.test(name))) {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'latin1');
        if (
          !status.includes(`PPid:\t${process.pid}\n`) ||
          !readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('child.js')
        )
          continue;
        peakKb = Math.max(peakKb, Number(/VmHWM:\s*(\d+)/u.exec(status)?.[1] ?? 0));
      } catch {
        // It has ended meanwhile.
      }
    }
  }, LOOK_MS);
  return {
    stop() {
      clearInterval(timer);
      return (peakKb * 1024) / 1e6;
    },
  };
}
