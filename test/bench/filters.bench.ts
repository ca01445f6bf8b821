import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { tableFromIPC } from '@uwdata/flechette';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FramePlan } from '../../protocol/frame.js';
import type { Filter, Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import { createPool } from '../../server/pool.js';
import { derivedBeside } from '../helpers/derived-beside.js';
import { randomNumbers } from '../helpers/test-columns.js';
import { BENCH_SQL, benchTable } from './frames-table.js';
import type { RunBench } from './result.js';
import { median } from './statistics.js';

const RUNS = 15;
const WARM_UP = 6;

const FIXED: readonly Filter[] = [
  { op: 'range', column: 'distance', min: 500, max: 3500 },
  { op: 'in', column: 'origin', values: originsBut(40) },
];
const FIXED_SQL = `distance BETWEEN 500 AND 3500 AND origin NOT IN (${dropped(40)
  .map((origin) => `'${origin}'`)
  .join(', ')})`;

/** One filter of several changes, over 10 M rows: what DuckDB takes for the same answer, and what we take without what is kept. */
export const run: RunBench = async (report) => {
  const { snapshot, store, table } = benchTable();
  const tasks = join(process.cwd(), 'dist', 'workers', 'tasks.js');
  const pool = createPool({ threads: 2, filename: pathToFileURL(tasks).href });
  const derived = derivedBeside(table.slabs as SharedArrayBuffer[]);
  const kept = createEngine({ store: { ...store, derived }, pool });
  const anew = createEngine({ store: { lease: (...asked) => store.lease(...asked) }, pool });
  const random = randomNumbers(7);
  // Another end each time, so that no count and no bits of this filter are there.
  const delay = (): number => -55 + (random() % 100_000) / 1e4;
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const duckdb = await instance.connect();
  try {
    await duckdb.run(BENCH_SQL);
    await dropdown();
    await againstOurselves({
      name: 'histogram under five filters, one dropdown changed',
      bar: 2,
      query: () => ({
        mark: 'histogram',
        x: 'delay',
        bins: 40,
        domain: { x: [-60, 240] },
        filters: [
          ...FIXED,
          { op: 'range', column: 'tick', max: 9_000_000 },
          { op: 'contains', column: 'name', text: '7' },
          { op: 'in', column: 'origin', values: originsBut(1 + (random() % 30)) },
        ],
      }),
    });
    const lasso = Array.from({ length: 40 }, (_, i): [number, number] => [
      2500 + 2000 * Math.cos((i / 40) * 2 * Math.PI),
      90 + 120 * Math.sin((i / 40) * 2 * Math.PI),
    ]);
    await againstOurselves({
      name: 'histogram under a lasso of 40 corners that stays, and a range that changes',
      bar: 5,
      query: () => ({
        mark: 'histogram',
        x: 'delay',
        bins: 40,
        domain: { x: [-60, 240] },
        filters: [
          { op: 'polygon', x: 'distance', y: 'delay', points: lasso },
          { op: 'range', column: 'tick', min: random() % 1000 },
        ],
      }),
    });
    await againstOurselves({
      name: 'histogram of 1 % of the time of eight series, a range that changes',
      // What is left of it is the way to a thread and back.
      bar: 2.5,
      query: () => {
        const from = random() % 1_237_500;
        return {
          mark: 'histogram',
          x: 'delay',
          bins: 40,
          domain: { x: [-60, 240] },
          filters: [{ op: 'range', column: 'minute', min: from, max: from + 12_500 }],
        };
      },
    });
  } finally {
    duckdb.closeSync();
    await pool.close();
  }

  async function dropdown(): Promise<void> {
    const [own, theirs]: number[][] = [[], []];
    for (let round = -WARM_UP; round < RUNS; round++) {
      const min = delay();
      const filters: Filter[] = [...FIXED, { op: 'range', column: 'delay', min }];
      let started = performance.now();
      const { values } = await kept.values(snapshot, { column: 'origin', limit: 1000, filters });
      if (round >= 0) own!.push(performance.now() - started);
      const sql = `SELECT origin, count(*) FROM bench WHERE ${FIXED_SQL} AND delay >= ${min}
        GROUP BY origin ORDER BY 2 DESC, 1 LIMIT 1000`;
      started = performance.now();
      await execute(duckdb, sql);
      if (round >= 0) theirs!.push(performance.now() - started);
      const rows = (await duckdb.runAndReadAll(sql)).getRows();
      const isEqual =
        rows.length === values.length &&
        rows.every(([value, count], i) => values[i]!.value === value && values[i]!.count === Number(count)); // prettier-ignore
      if (!isEqual) throw new Error('The counts of the dropdown differ.');
    }
    report({
      name: 'dropdown counts while another filter changes, 10 M rows, two more filters',
      against: 'DuckDB SQL on both cores',
      value: median(theirs!) / median(own!),
      unit: '×',
      bar: 10,
      want: 'at least',
      gate: 'every list and its counts are DuckDB’s',
      detail: `${median(own!).toFixed(1)} ms against ${median(theirs!).toFixed(1)} ms`,
    });
  }

  async function againstOurselves(one: {
    name: string;
    bar: number;
    query: () => Omit<Query, 'dataset'>;
  }): Promise<void> {
    const [own, theirs]: number[][] = [[], []];
    let plan: FramePlan | undefined;
    for (let round = -WARM_UP; round < RUNS; round++) {
      const query = { dataset: 'bench', width: 1000, height: 600, ...one.query() };
      let started = performance.now();
      const frame = await kept.frame(snapshot, query);
      if (round >= 0) own!.push(performance.now() - started);
      started = performance.now();
      const expected = await anew.frame(snapshot, query);
      if (round >= 0) theirs!.push(performance.now() - started);
      if (
        Buffer.compare(frame.bytes, expected.bytes) !== 0 ||
        tableFromIPC(frame.bytes).numRows === 0
      )
        // prettier-ignore
        throw new Error(`${one.name}: the frames differ.`);
      ({ plan } = frame);
    }
    report({
      name: `${one.name}, 10 M rows`,
      against: 'our own scan, every filter over every row',
      value: median(theirs!) / median(own!),
      unit: '×',
      bar: one.bar,
      want: 'at least',
      bytesTouched: plan!.bytesTouched,
      gate: 'equal bytes',
      detail: `${median(own!).toFixed(1)} ms against ${median(theirs!).toFixed(1)} ms; ${plan!.reason}`,
    });
  }
};

function dropped(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `ORIGIN ${i * 7}`);
}

/** All origins but some: a dropdown in which these were unticked. */
function originsBut(count: number): string[] {
  const without = new Set(dropped(count));
  return Array.from({ length: 300 }, (_, i) => `ORIGIN ${i}`).filter((one) => !without.has(one));
}

async function execute(duckdb: DuckDBConnection, sql: string): Promise<void> {
  // Executed to its end; the rows stay in DuckDB's own form.
  await duckdb.run(sql);
}
