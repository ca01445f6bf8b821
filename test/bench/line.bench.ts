import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from '@uwdata/flechette';
import { existsSync, mkdtempSync, renameSync, rmSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import type { Frame } from '../../server/engine/engine.js';
import { indexFile } from '../../server/indexes/index-file.js';
import { createIndexes } from '../../server/indexes/indexes.js';
import { pyramidOf } from '../../server/indexes/pyramid.js';
import { createLoader } from '../../server/loader/loader.js';
import { createColumnStore } from '../../server/memory/columns.js';
import { createPool } from '../../server/pool.js';
import { openStore } from '../../server/snapshots/store.js';
import { withDuckDb } from './duckdb.js';
import type { RunBench } from './result.js';
import { median, quantile } from './statistics.js';
import { BENCH_FOLDER } from './tables.js';

const ROWS = Number(process.env['HALFTONE_BENCH_ROWS'] ?? 20_000_000);
const WIDTH = 1000;
const ROUNDS = 7;
/** Frames of ours for each of DuckDB's statements: they take a thousandth of the time. */
const FRAMES = 9;
/** Until the compiler has made what it makes of the code. */
const WARM_UP = 150;

/** An ascending time that is not regular, and a value that wanders; both sides have the same rows. */
const TABLE = `SELECT i + (hash(i) % 1000) / 1001.0 AS t,
  (sin(i / 40_000.0) * 50 + sin(i / 170.0) * 5 + (hash(i + 1) % 1000) / 100.0)::FLOAT AS y
  FROM range(${ROWS}) r(i)`;

/** A line from its pyramid against the SQL of a line: Mosaic's own, and the best single pass. */
export const run: RunBench = async (report) => {
  const file = join(BENCH_FOLDER, `line-${ROWS}.parquet`);
  if (!existsSync(file)) {
    mkdirSync(BENCH_FOLDER, { recursive: true });
    await withDuckDb(':memory:', (sql) =>
      sql(`COPY (${TABLE}) TO '${file}.part' (FORMAT parquet, PRESERVE_ORDER true)`),
    );
    renameSync(`${file}.part`, file);
  }
  const dir = mkdtempSync(join(BENCH_FOLDER, 'line-cache-'));
  const dist = pathToFileURL(join(process.cwd(), 'dist')).href;
  const disk = await openStore({ dir, now: () => new Date() });
  const childFile = fileURLToPath(`${dist}/server/loader/child.js`);
  const loader = createLoader({ memoryBytes: 4e9, deadlineMs: 600_000, threads: 2, childFile });
  const pool = createPool({ threads: 2, filename: `${dist}/workers/tasks.js` });
  const store = createColumnStore({
    read: (task) => pool.run('readSpans', task),
    budgetBytes: 4e9,
  });
  const indexes = createIndexes({ store, pool, mayWrite: () => true });
  const engine = createEngine({ store, pool, indexes, tier: 'pyramid' });
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const duckdb = await instance.connect();
  try {
    const source = {
      name: 'line',
      kind: 'parquet',
      files: [file],
      united: false,
      csv: {},
      strict: false,
    } as const;
    const draft = await disk.begin(source);
    const snapshot = await draft.publish(await loader.load(source, { ...draft, dataset: 'line' }));
    const pyramid = pyramidOf(snapshot.manifest.columns.findIndex(({ info }) => info.name === 'y'));
    await duckdb.run(`CREATE TABLE line AS FROM '${file}'`);

    const ask = (domain: Domain): Promise<Frame> =>
      engine.frame(snapshot, { ...LINE, domain: { x: [...domain] } });

    await buildIndex();
    for (let i = 0; i < WARM_UP; i++) await ask(randomDomain(1));
    for (const share of [1, 0.1, 0.01]) await compare(share);

    async function buildIndex(): Promise<void> {
      // The columns are in memory, as they are when the first line has been drawn.
      const lease = await store.lease(snapshot, ['t', 'y']);
      lease.release();
      const started = performance.now();
      await indexes.build(snapshot, pyramid);
      const ms = performance.now() - started;
      const files = snapshot.manifest.segments.map((segment) => indexFile(pyramid, segment));
      const size = files.reduce((sum, file) => sum + statSync(join(snapshot.dir, file)).size, 0);
      const shared = { against: '—', want: 'at most', gate: 'the lines below' } as const;
      report({
        ...shared,
        name: `line index: build, ${ROWS / 1e6} M rows`,
        value: ms,
        unit: 'ms',
        bar: 2000,
        detail: `both threads, in the background, on the disk`,
      });
      report({
        ...shared,
        name: 'line index: size',
        value: size / ROWS,
        unit: 'B/row',
        bar: 0.5,
        detail: `${(size / 1e6).toFixed(1)} MB`,
      });
    }

    async function compare(share: number): Promise<void> {
      const own: number[] = [];
      const mosaic: number[] = [];
      const single: number[] = [];
      let plan: Frame['plan'] | undefined;
      for (let round = -1; round < ROUNDS; round++) {
        const domain = randomDomain(share);
        if (round < 0) await gate(domain);
        for (let i = 0; i < FRAMES; i++) {
          const frame = await ask(i === 0 ? domain : randomDomain(share));
          const { computeMs, encodeMs } = frame.timing;
          if (round >= 0) own.push(computeMs + encodeMs);
          ({ plan } = frame);
        }
        for (const [times, sql] of [
          [mosaic, mosaicSql(domain)],
          [single, singlePass(domain)],
        ] as const) {
          const started = performance.now();
          await duckdb.run(sql);
          if (round >= 0) times.push(performance.now() - started);
        }
      }
      if (plan?.tier !== 'pyramid') throw new Error(`The line came by ${plan?.tier}.`);
      const ms = median(own);
      const worst = quantile(own, 0.99).toFixed(2);
      const touched = `${plan.rowsTouched} rows and ${(plan.bytesTouched / 1e6).toFixed(2)} MB touched`;
      const view = share === 1 ? 'full view' : `${share * 100} % of x`;
      const shared = {
        name: `line, ${view}, ${ROWS / 1e6} M rows, ${WIDTH} columns`,
        unit: '×',
        want: 'at least',
        gate: 'equal first, last, least and greatest of every column',
      } as const;
      report({
        ...shared,
        against: 'M4 as @uwdata/mosaic-sql writes it, DuckDB on both cores',
        value: median(mosaic) / ms,
        bar: share === 1 ? 1000 : share === 0.1 ? 100 : 10,
        detail: `${ms.toFixed(2)} ms (p99 ${worst}) against ${median(mosaic).toFixed(0)} ms; ${touched}`,
      });
      report({
        ...shared,
        against: 'single-pass SQL on DuckDB, both cores',
        value: median(single) / ms,
        bar: share === 1 ? 600 : share === 0.1 ? 60 : 6,
        detail: `${ms.toFixed(2)} ms against ${median(single).toFixed(0)} ms`,
      });
    }

    /** Every pixel column's first and last row, and its extremes, are those of SQL. */
    async function gate(domain: Domain): Promise<void> {
      const [low, high] = domain;
      const rows = await duckdb.runAndReadAll(
        `SELECT min(rowid), max(rowid), min(y), max(y) FROM line WHERE t BETWEEN ${low} AND ${high}
          GROUP BY least(floor(((t - ${low}) * ${WIDTH}) / (${high} - ${low})), ${WIDTH - 1}) ORDER BY 1`,
      );
      const table = tableFromIPC((await ask(domain)).bytes);
      const at = table.getChild('row').toArray() as Uint32Array;
      const ys = table.getChild('y').toArray() as Float32Array;
      let i = 0;
      for (const [first, last, least, greatest] of rows.getRows().map((row) => row.map(Number))) {
        while (at[i]! < first!) i++;
        if (at[i] !== first) throw new Error(`Row ${first} is missing.`);
        let [low, high] = [Infinity, -Infinity];
        for (; i < at.length && at[i]! <= last!; i++) {
          low = Math.min(low, ys[i]!);
          high = Math.max(high, ys[i]!);
        }
        if (at[i - 1] !== last) throw new Error(`Row ${last} is missing.`);
        if (low !== least || high !== greatest) throw new Error(`An extreme is missing: ${first}.`);
      }
    }
  } finally {
    duckdb.closeSync();
    await indexes.close();
    await loader.close();
    await pool.close();
    disk.close();
    rmSync(dir, { recursive: true, force: true });
  }
};

type Domain = readonly [number, number];

const LINE: Query = {
  dataset: 'line',
  mark: 'line',
  method: 'm4',
  x: 't',
  y: 'y',
  width: WIDTH,
  height: 600,
};

/** A window of about this share of all rows, somewhere else each time, so that nothing kept can answer. */
function randomDomain(share: number): Domain {
  // Whole numbers: DuckDB takes others for decimals.
  const width = Math.floor(ROWS * share * (1 - Math.random() * 0.002));
  const low = Math.floor(Math.random() * (ROWS - width));
  return [low, low + width];
}

/**
 * What `@uwdata/mosaic-sql` 0.33.0 writes, word for word, where the line mark of vgplot asks it for `m4` of the rows of the
 * domain, binned by pixel.
 */
function mosaicSql([low, high]: Domain): string {
  const pixel = `(floor((("t" - ${low}) * ${WIDTH / (high - low)})))::INTEGER`;
  const part = (t: string, y: string): string =>
    `SELECT ${t} AS "t", ${y} AS "y" FROM "input" GROUP BY ${pixel}`;
  const parts = [
    part('min("t")', 'arg_min("y", "t")'),
    part('max("t")', 'arg_max("y", "t")'),
    part('arg_min("t", "y")', 'min("y")'),
    part('arg_max("t", "y")', 'max("y")'),
  ];
  const rows = `SELECT "t", "y" FROM "line" WHERE ("t" BETWEEN ${low} AND ${high})`;
  return `WITH "input" AS MATERIALIZED (${rows}) ${parts.join(' UNION ')} ORDER BY "t"`;
}

function singlePass([low, high]: Domain): string {
  return `SELECT min(t), arg_min(y, t), max(t), arg_max(y, t), arg_min(t, y), min(y), arg_max(t, y), max(y)
    FROM line WHERE t BETWEEN ${low} AND ${high} GROUP BY floor((t - ${low}) * ${WIDTH / (high - low)})::INTEGER`;
}
