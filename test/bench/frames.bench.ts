import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { tableFromIPC } from '@uwdata/flechette';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import type { Frame } from '../../server/engine/engine.js';
import { createPool } from '../../server/pool.js';
import type { BenchResult, RunBench } from './result.js';
import { benchTable, BENCH_ROWS, BENCH_SQL } from './frames-table.js';
import { median } from './statistics.js';

const RUNS = 15;
const WARM_UP = 8;

/** Frames over 10 M rows, computed anew each time, against DuckDB's SQL for the same answer with both cores. */
export const run: RunBench = async (report) => {
  const { snapshot, store } = benchTable();
  const tasks = join(process.cwd(), 'dist', 'workers', 'tasks.js');
  const pool = createPool({ threads: 2, filename: pathToFileURL(tasks).href });
  const engine = createEngine({ store, pool });
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const duckdb = await instance.connect();
  try {
    await duckdb.run(BENCH_SQL);
    const ask = { dataset: 'bench', width: 1000, height: 600 } as const;
    const frame = async (query: Omit<Query, 'dataset'>) =>
      engine.frame(snapshot, { ...ask, ...query });

    const density = {
      mark: 'scatter',
      method: 'density',
      x: 'distance',
      y: 'delay',
      domain: { x: [0, 4998], y: [-60, 240.1] },
    } as const;
    await compare({
      name: 'density 1000 × 600',
      bar: 7,
      ours: () => frame(density as unknown as Query),
      sql: `SELECT (least(floor(((delay - -60) * 600) / (240.1 - -60)), 599)::INTEGER * 1000
          + least((distance::INTEGER * 1000) // 4998, 999))::INTEGER AS cell, count(*) AS count
        FROM bench WHERE distance BETWEEN 0 AND 4998 AND delay BETWEEN -60 AND 240.1 GROUP BY cell`,
      gate: ({ bytes }, rows) => {
        const counts = tableFromIPC(bytes).getChild('count').toArray() as Uint8Array;
        const sum = counts.reduce((total, count) => total + count, 0);
        return (
          sum === BENCH_ROWS &&
          rows.every(([cell, count]) => counts[Number(cell)] === Number(count))
        );
      },
    });
    await compare({
      name: 'm4 of 1000 columns',
      bar: 15,
      ours: () => frame({ mark: 'line', method: 'm4', x: 'tick', y: 'delay' }),
      // The x and y of all four rows of a column, in one pass.
      sql: `SELECT min(tick), max(tick), arg_min(tick, delay), arg_max(tick, delay),
          arg_min(delay, tick), arg_max(delay, tick), min(delay), max(delay)
        FROM bench GROUP BY least((tick::BIGINT * 1000) // ${BENCH_ROWS - 1}, 999)`,
      gate: ({ bytes }, rows) => {
        const found = new Set(tableFromIPC(bytes).getChild('row').toArray() as Uint32Array);
        return (
          rows.length === 1000 &&
          rows.every(([first, last]) => [first, last].every((at) => found.has(Number(at))))
        );
      },
    });
    await compare({
      name: 'filtered histogram',
      bar: 3,
      ours: () =>
        frame({
          mark: 'histogram',
          x: 'delay',
          bins: 40,
          domain: { x: [-60, 240] },
          filters: [{ op: 'range', column: 'distance', min: 500, max: 1500 }],
        }),
      sql: `SELECT least(floor((delay - -60) * 40 / 300), 39)::INTEGER AS bin, count(*) AS count FROM bench
        WHERE distance BETWEEN 500 AND 1500 AND delay BETWEEN -60 AND 240 GROUP BY bin`,
      gate: ({ bytes }, rows) => {
        const counts = tableFromIPC(bytes).getChild('count').toArray() as Uint32Array;
        return (
          rows.length === 40 && rows.every(([bin, count]) => counts[Number(bin)] === Number(count))
        );
      },
    });
    let filter = 0;
    // Another filter each time: counts under the same one are kept.
    const filters = () =>
      [{ op: 'range', column: 'delay', min: -50 + (filter++ % 1000) / 1e6 }] as const;
    const dropdown = {
      bar: 3,
      gate: ({ values }: { values: { value: unknown; count: number }[] }, rows: unknown[][]) =>
        rows.every(
          ([value, count], i) => values[i]!.value === value && values[i]!.count === Number(count),
        ),
    };
    await compare({
      ...dropdown,
      name: 'dropdown counts, 300 texts',
      ours: () => engine.values(snapshot, { column: 'origin', limit: 1000, filters: filters() }),
      sql: `SELECT origin, count(*) FROM bench WHERE delay >= -50 GROUP BY origin ORDER BY 2 DESC, 1 LIMIT 1000`,
    });
    await compare({
      ...dropdown,
      name: 'dropdown counts, 1 M texts',
      ours: () => engine.values(snapshot, { column: 'name', limit: 1000, filters: filters() }),
      sql: `SELECT name, count(*) FROM bench WHERE delay >= -50 GROUP BY name ORDER BY 2 DESC, 1 LIMIT 1000`,
    });
    await typing();
  } finally {
    duckdb.closeSync();
    await pool.close();
  }

  interface Comparison<T> {
    name: string;
    bar: number;
    ours: () => Promise<T>;
    sql: string;
    gate: (answer: T, rows: unknown[][]) => boolean;
  }

  async function compare<T>({ name, bar, ours, sql, gate }: Comparison<T>): Promise<void> {
    const rows = (await duckdb.runAndReadAll(sql)).getRows();
    const answer = await ours();
    if (!gate(answer, rows)) throw new Error(`${name}: the answers differ.`);
    const [own, theirs] = await timedInTurn(ours, () => execute(duckdb, sql));
    report({
      name: `${name}, 10 M rows`,
      against: 'DuckDB SQL on both cores',
      value: theirs / own,
      unit: '×',
      bar,
      want: 'at least',
      ...touchedBy(answer),
      gate: 'equal counts',
      detail: `${own.toFixed(1)} ms against ${theirs.toFixed(1)} ms`,
    });
  }

  async function typing(): Promise<void> {
    const text = 'customer 0001234 of xx';
    const times: number[] = [];
    const own = [{ op: 'range', column: 'delay', min: -49.5 }] as const;
    for (let key = 1; key <= 20; key++) {
      const started = performance.now();
      const { matching } = await engine.values(snapshot, {
        column: 'name',
        limit: 100,
        filters: own,
        search: text.slice(0, key),
      });
      times.push(performance.now() - started);
      if (matching === 0) throw new Error('The search finds nothing.');
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, 125 - times.at(-1)!)));
    }
    times.sort((a, b) => a - b);
    report({
      name: 'dropdown search, p95 of 20 keystrokes, 1 M texts, a filter active',
      against: 'from key to list, without HTTP',
      value: times[18]!,
      unit: 'ms',
      bar: 150,
      want: 'at most',
      gate: 'every search finds its text',
      detail: `median ${median(times).toFixed(1)} ms, slowest ${times[19]!.toFixed(1)} ms`,
    });
  }
};

function touchedBy(answer: unknown): Pick<BenchResult, 'bytesTouched'> {
  const { plan } = answer as Partial<Frame>;
  return plan === undefined ? {} : { bytesTouched: plan.bytesTouched };
}

/** Medians of milliseconds, both sides in turn; the first rounds, in which code is compiled, do not count. */
async function timedInTurn(
  ...works: (() => Promise<unknown>)[]
): Promise<[own: number, theirs: number]> {
  const times: number[][] = works.map(() => []);
  for (let round = -WARM_UP; round < RUNS; round++) {
    for (const [side, work] of works.entries()) {
      const started = performance.now();
      await work();
      if (round >= 0) times[side]!.push(performance.now() - started);
    }
  }
  return times.map(median) as [number, number];
}

async function execute(duckdb: DuckDBConnection, sql: string): Promise<void> {
  // Executed to its end; the rows stay in DuckDB's own form.
  await duckdb.run(sql);
}
