import { DuckDBInstance } from '@duckdb/node-api';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import type { Frame } from '../../server/engine/engine.js';
import { indexFile } from '../../server/indexes/index-file.js';
import { pyramidOf } from '../../server/indexes/pyramid.js';
import { mustHaveExtremes, randomDomain, singlePass, type Domain } from './line-sql.js';
import { loadTable } from './loaded.js';
import type { RunBench } from './result.js';
import { median, quantile } from './statistics.js';
import { generatedFile } from './tables.js';

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
  const file = await generatedFile(`line-${ROWS}.parquet`, TABLE);
  const { snapshot, store, indexes, pool, positionOf, close } = await loadTable(file);
  const engine = createEngine({ store, pool, indexes, tier: 'pyramid' });
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const duckdb = await instance.connect();
  try {
    const pyramid = pyramidOf(positionOf('y'));
    await duckdb.run(`CREATE TABLE line AS FROM '${file}'`);

    const ask = (domain: Domain): Promise<Frame> =>
      engine.frame(snapshot, { ...LINE, domain: { x: [...domain] } });

    await buildIndex();
    for (let i = 0; i < WARM_UP; i++) await ask(randomDomain(ROWS, 1));
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
        const domain = randomDomain(ROWS, share);
        if (round < 0) await mustHaveExtremes(duckdb, { domain, width: WIDTH }, await ask(domain));
        for (let i = 0; i < FRAMES; i++) {
          const frame = await ask(i === 0 ? domain : randomDomain(ROWS, share));
          const { computeMs, encodeMs } = frame.timing;
          if (round >= 0) own.push(computeMs + encodeMs);
          ({ plan } = frame);
        }
        for (const [times, sql] of [
          [mosaic, mosaicSql(domain)],
          [single, singlePass({ domain, width: WIDTH })],
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
  } finally {
    duckdb.closeSync();
    await close();
  }
};

const LINE: Query = {
  dataset: 'line',
  mark: 'line',
  method: 'm4',
  x: 't',
  y: 'y',
  width: WIDTH,
  height: 600,
};

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
