import { DuckDBInstance } from '@duckdb/node-api';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import type { Frame } from '../../server/engine/engine.js';
import { indexFile } from '../../server/indexes/index-file.js';
import { tilesOf } from '../../server/indexes/tiles.js';
import { cellOf, expectedCounts, mustEqual, type Density } from './density.js';
import { type Sql } from './duckdb.js';
import { loadTable } from './loaded.js';
import type { RunBench } from './result.js';
import { benchRounds, benchRows } from './size.js';
import { median, quantile } from './statistics.js';
import { generatedFile } from './tables.js';

const WIDTH = 1000;
const HEIGHT = 600;
/** Parts are elsewhere each time, with many rows or few, and take rounds enough for their middle to stand still. */
const ROUNDS = { whole: 9, part: 31 };
/** Frames of ours for each of DuckDB's statements, which take longer by far. */
const FRAMES = 5;
/** Frames before the first that counts, of the whole and of a part: until what they run is compiled for good. */
const WARM_UP = { whole: 40, part: 3000 };

/** Two bells in doubles, the same as float32, and a text of eight to filter by. */
const TABLE = (
  rows: number,
): string => `SELECT a AS x, b AS y, a::FLOAT AS fx, b::FLOAT AS fy, 'word ' || (hash(i + 9) % 8) AS word FROM (
  SELECT i, 40 + 9 * sqrt(-2 * ln(u)) * cos(v) AS a, 7 + 2 * sqrt(-2 * ln(u)) * sin(v) AS b FROM (
    SELECT i, (1 + hash(i) % 1000000007) / 1000000008.0 AS u, (hash(i + 1) % 1000000007) / 159154944.2 AS v FROM range(${rows}) r(i)))`;

type Ends = [number, number];
interface Case {
  name: string;
  bar: number;
  x?: string;
  y?: string;
  /** The share of each axis that is shown. */
  share: number;
  filtered?: true;
}

/** Scatters by scan or tiles, as the planner chooses, against SQL that groups by pixel, both in memory, on both cores. */
export const run: RunBench = async (report) => {
  const rows = benchRows(10_000_000);
  const file = await generatedFile(`scatter-${rows}.parquet`, TABLE(rows));
  const { snapshot, store, indexes, pool, positionOf: position, close } = await loadTable(file);
  const parts = { store, pool, indexes };
  const chosen = createEngine(parts);
  const scanned = createEngine({ ...parts, tier: 'scan' });
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const duckdb = await instance.connect();
  const sql: Sql = async (text) => (await duckdb.runAndReadAll(text)).getRowsJson();
  try {
    await duckdb.run(`CREATE TABLE scatter AS FROM '${file}'`);
    await build();
    for (const one of [
      { name: 'full view, float64', bar: 10, share: 1 },
      { name: 'full view, float32', bar: 15, share: 1, x: 'fx', y: 'fy' },
      { name: 'full view, one of eight categories', bar: 10, share: 1, filtered: true },
      { name: '10 % of each axis', bar: 30, share: 0.1 },
      { name: '1 % of each axis', bar: 300, share: 0.01 },
    ] satisfies Case[]) {
      await compare(one);
    }

    async function build(): Promise<void> {
      const index = tilesOf(position('x'), position('y'));
      (await store.lease(snapshot, ['x', 'y'])).release();
      const started = performance.now();
      await indexes.build(snapshot, index);
      const ms = performance.now() - started;
      const files = snapshot.manifest.segments.map((segment) => indexFile(index, segment));
      const size = files.reduce((sum, name) => sum + statSync(join(snapshot.dir, name)).size, 0);
      const shared = { against: '—', want: 'at most', gate: 'the scatters below' } as const;
      report({
        ...shared,
        name: `scatter index: build, by 20 M rows`,
        value: (ms * 20e6) / rows,
        unit: 'ms',
        bar: 2000,
        detail: `${ms.toFixed(0)} ms for ${rows / 1e6} M rows, both threads, in the background, on the disk`,
      });
      report({
        ...shared,
        name: 'scatter index: size',
        value: size / rows,
        unit: 'B/row',
        bar: 5,
        detail: `${(size / 1e6).toFixed(1)} MB`,
      });
    }

    async function compare({ name, bar, share, x = 'x', y = 'y', filtered }: Case): Promise<void> {
      const density = (): Density & { domain: { x: Ends; y: Ends } } => ({
        from: 'scatter',
        ...(filtered && { where: `word = 'word 3'` }),
        x,
        y,
        domain: { x: window([2, 78], share), y: window([-1.5, 15.5], share) },
        width: WIDTH,
        height: HEIGHT,
      });
      const ask = (
        engine: typeof chosen,
        { domain }: ReturnType<typeof density>,
      ): Promise<Frame> => {
        const query: Query = { dataset: 'scatter', mark: 'scatter', method: 'density', x, y, width: WIDTH, height: HEIGHT, domain }; // prettier-ignore
        if (filtered) query.filters = [{ op: 'in', column: 'word', values: ['word 3'] }];
        return engine.frame(snapshot, query);
      };
      const [own, scans, theirs, nulls]: number[][] = [[], [], [], []];
      const timed = async (times: number[] | undefined, work: () => Promise<unknown>) => {
        const started = performance.now();
        await work();
        times?.push(performance.now() - started);
      };
      const first = density();
      const frame = await ask(chosen, first);
      mustEqual(frame.bytes, await expectedCounts(sql, first));
      const which = share < 1 ? 'part' : 'whole';
      for (let i = 0; i < WARM_UP[which]; i++) await ask(chosen, density());
      for (let round = -1; round < benchRounds(ROUNDS[which]); round++) {
        const counts = round >= 0;
        for (let i = 0; i < FRAMES; i++) {
          await timed(counts ? own : undefined, () => ask(chosen, density()));
          await timed(counts ? nulls : undefined, () => pool.run('ping', 1));
        }
        const asked = density();
        await timed(counts ? scans : undefined, () => ask(scanned, asked));
        const cell = await cellOf(sql, asked);
        const statement = `SELECT ${cell.sql} AS cell, count(*) FROM scatter WHERE ${cell.where} GROUP BY cell`;
        await timed(counts ? theirs : undefined, () => duckdb.run(statement));
      }
      const ms = median(own!);
      report({
        name: `density, ${name}, ${rows / 1e6} M rows`,
        against: 'GROUP BY pixel, DuckDB on both cores',
        value: median(theirs!) / ms,
        unit: '×',
        bar,
        want: 'at least',
        bytesTouched: frame.plan.bytesTouched,
        gate: 'every cell has DuckDB’s count',
        detail: `by ${frame.plan.tier}: ${ms.toFixed(2)} ms (p99 ${quantile(own!, 0.99).toFixed(1)}) against ${median(theirs!).toFixed(0)} ms; our own scan ${median(scans!).toFixed(1)} ms, a task of nothing ${median(nulls!).toFixed(2)} ms`,
      });
    }
  } finally {
    duckdb.closeSync();
    await close();
  }
};

/** A window of a share of an axis, somewhere else each time, so that nothing kept can answer. */
function window([low, high]: Ends, share: number): Ends {
  const width = (high - low) * share * (1 - Math.random() * 0.01);
  const from = low + (high - low - width) * Math.random();
  return [from, from + width];
}
