import { DuckDBInstance } from '@duckdb/node-api';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Filter, Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import type { Frame } from '../../server/engine/engine.js';
import { orderedPyramidOf, orderOf } from '../../server/indexes/order.js';
import { mustHaveExtremes, randomDomain, singlePass, type Domain } from './line-sql.js';
import { loadTable } from './loaded.js';
import type { RunBench } from './result.js';
import { median } from './statistics.js';
import { generatedFile } from './tables.js';

const ROWS = Number(process.env['HALFTONE_BENCH_ROWS'] ?? 20_000_000);
const WIDTH = 1000;
const ROUNDS = 7;
/** Frames of ours for each of DuckDB's statements: they take a hundredth of the time. */
const FRAMES = 9;
const WARM_UP = 60;

/** The table of the line bench with two categories, and an x in no order; both sides have the same rows. */
const TABLE = `SELECT i + (hash(i) % 1000) / 1001.0 AS t,
  (sin(i / 40_000.0) * 50 + sin(i / 170.0) * 5 + (hash(i + 1) % 1000) / 100.0)::FLOAT AS y,
  'one of eight ' || (hash(i + 2) % 8) AS k8, 'one of fifty ' || (hash(i + 3) % 50) AS k50,
  (hash(i + 4) % ${ROWS})::DOUBLE + 0.5 AS u
  FROM range(${ROWS}) r(i)`;

/** A line under a dropdown, from the order of its category, against the best single pass of SQL; an unsorted x against our own scan. */
export const run: RunBench = async (report) => {
  const file = await generatedFile(`filtered-line-${ROWS}.parquet`, TABLE);
  const { snapshot, store, indexes, pool, positionOf: at, close } = await loadTable(file);
  const engine = createEngine({ store, pool, indexes, tier: 'sub-index' });
  const scanning = createEngine({ store, pool, indexes, tier: 'scan' });
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const duckdb = await instance.connect();
  try {
    await duckdb.run(`CREATE TABLE line AS FROM '${file}'`);
    const lease = await store.lease(snapshot, ['t', 'y', 'k8', 'k50', 'u']);
    lease.release();
    for (const [category, x] of [
      ['k8', 't'],
      ['k50', 't'],
      [null, 'u'],
    ] as const) {
      await build(category, x);
    }
    await compare('k8', 'one of eight 3');
    await compare('k50', 'one of fifty 17');
    await againstScan();

    async function build(category: string | null, x: string): Promise<void> {
      const first = category === null ? null : at(category);
      const started = performance.now();
      await Promise.all([
        indexes.build(snapshot, orderOf(first, at(x))),
        indexes.build(snapshot, orderedPyramidOf(first, at(x), at('y'))),
      ]);
      const ms = performance.now() - started;
      const columns = first === null ? String(at(x)) : `${first}-${at(x)}`;
      const bytes = readdirSync(snapshot.dir)
        .filter(
          (name) => name.includes(`order-${columns}.`) || name.includes(`-pyramid-${columns}-`),
        )
        .reduce((sum, name) => sum + statSync(join(snapshot.dir, name)).size, 0);
      const name = category === null ? 'unsorted x' : `${category.slice(1)} categories`;
      const shared = { against: '—', want: 'at most', gate: 'the lines below' } as const;
      report({
        ...shared,
        name: `order of ${name}: build, ${ROWS / 1e6} M rows`,
        value: ms,
        unit: 'ms',
        bar: 2000,
        detail: 'order and pyramid, both threads, in the background, on the disk',
      });
      report({
        ...shared,
        name: `order of ${name}: size`,
        value: bytes / ROWS,
        unit: 'B/row',
        bar: 5,
        detail: `${(bytes / 1e6).toFixed(1)} MB: 4 B/row of order, the rest the pyramid of y`,
      });
    }

    async function compare(category: 'k8' | 'k50', value: string): Promise<void> {
      const where = `${category} = '${value}'`;
      const filters: Filter[] = [{ op: 'in', column: category, values: [value] }];
      const ask = (domain: Domain): Promise<Frame> =>
        engine.frame(snapshot, {
          ...LINE,
          x: 't',
          filters,
          domain: { x: [...domain] },
        });
      for (let i = 0; i < WARM_UP; i++) await ask(randomDomain(ROWS, 1));
      const own: number[] = [];
      const single: number[] = [];
      let plan: Frame['plan'] | undefined;
      for (let round = -1; round < ROUNDS; round++) {
        const domain = randomDomain(ROWS, 1);
        if (round < 0)
          await mustHaveExtremes(duckdb, { domain, width: WIDTH, where }, await ask(domain));
        for (let i = 0; i < FRAMES; i++) {
          const frame = await ask(i === 0 ? domain : randomDomain(ROWS, 1));
          if (round >= 0) own.push(frame.timing.computeMs + frame.timing.encodeMs);
          ({ plan } = frame);
        }
        const started = performance.now();
        await duckdb.run(singlePass({ domain, width: WIDTH, where }));
        if (round >= 0) single.push(performance.now() - started);
      }
      if (plan?.tier !== 'sub-index') throw new Error(`The line came by ${plan?.tier}.`);
      const ms = median(own);
      const touched = `${plan.rowsTouched} rows and ${(plan.bytesTouched / 1e6).toFixed(2)} MB touched`;
      report({
        name: `line, 1 of ${category.slice(1)} categories, ${ROWS / 1e6} M rows, ${WIDTH} columns`,
        against: 'single-pass SQL with WHERE on DuckDB, both cores',
        value: median(single) / ms,
        unit: '×',
        bar: 100,
        want: 'at least',
        gate: 'equal first, last, least and greatest of every column',
        detail: `${ms.toFixed(2)} ms against ${median(single).toFixed(0)} ms; ${touched}`,
      });
    }

    async function againstScan(): Promise<void> {
      const query = { ...LINE, x: 'u' };
      const [own, theirs]: number[][] = [[], []];
      let plan: Frame['plan'] | undefined;
      for (let round = -3; round < ROUNDS; round++) {
        const asked = { ...query, domain: { x: [...randomDomain(ROWS, 1)] as [number, number] } };
        const frame = await engine.frame(snapshot, asked);
        const expected = await scanning.frame(snapshot, asked);
        if (Buffer.compare(frame.bytes, expected.bytes) !== 0)
          throw new Error('The frames differ.');
        ({ plan } = frame);
        if (round < 0) continue;
        own!.push(frame.timing.computeMs + frame.timing.encodeMs);
        theirs!.push(expected.timing.computeMs + expected.timing.encodeMs);
      }
      if (plan?.tier !== 'sub-index') throw new Error(`The line came by ${plan?.tier}.`);
      const ms = median(own!);
      report({
        name: `line over an unsorted x, ${ROWS / 1e6} M rows, ${WIDTH} columns`,
        against: 'our own scan',
        value: median(theirs!) / ms,
        unit: '×',
        bar: 5,
        want: 'at least',
        gate: 'equal bytes',
        detail: `${ms.toFixed(1)} ms against ${median(theirs!).toFixed(0)} ms; ${(plan.bytesTouched / 1e6).toFixed(1)} MB touched`,
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
  y: 'y',
  width: WIDTH,
  height: 600,
};
