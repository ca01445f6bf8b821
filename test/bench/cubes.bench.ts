import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { avg, column, count, div, floor, Query as Sql, sub } from '@uwdata/mosaic-sql';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { answerBrush, brushAnswer } from '../../client/cube/answer-brush.js';
import { readCube, type Cube } from '../../client/cube/read-cube.js';
import type { Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import type { Frame } from '../../server/engine/engine.js';
import { createPool } from '../../server/pool.js';
import { derivedBeside } from '../helpers/derived-beside.js';
import { randomNumbers } from '../helpers/test-columns.js';
import { BENCH_ROWS, BENCH_SQL, benchTable } from './frames-table.js';
import { linkedViews, type MosaicView } from './mosaic.js';
import type { RunBench } from './result.js';
import { median, quantile } from './statistics.js';

const ROUNDS = 7;
const STEPS = 25;
/** Steps of ours for each of Mosaic's: one alone is too short to be timed. */
const OWN_STEPS = 2000;
const GATE_BRUSHES = 5;

/** 8 units a pixel: a power of two, so that Mosaic's multiplied reciprocal gives the same pixels. */
const AXIS = { column: 'distance', domain: [0, 4800] as const, width: 600 };
const MINUTES = BENCH_ROWS / 8;

/** Five linked views: what we ask, what Mosaic asks, and the bin of a row in SQL, by our contract. */
const VIEWS: { query: Partial<Query>; mosaic: MosaicView; bin: string; isMean?: true }[] = [
  {
    query: { mark: 'histogram', x: 'delay', bins: 40, domain: { x: [-60, 340] } },
    mosaic: grouped({ bin: binned('delay', -60, 10) }, { n: count() }),
    bin: 'least(floor(((delay - -60) * 40) / (340 - -60))::INTEGER, 39)',
  },
  {
    query: { mark: 'histogram', x: 'minute', bins: 25, domain: { x: [0, MINUTES] } },
    mosaic: grouped({ bin: binned('minute', 0, MINUTES / 25) }, { n: count() }),
    bin: `least(floor((minute::DOUBLE * 25) / ${MINUTES})::INTEGER, 24)`,
  },
  {
    query: { mark: 'bar', x: 'origin', limit: 300 },
    mosaic: grouped({ bin: column('origin') }, { n: count() }),
    bin: 'origin',
  },
  {
    query: { mark: 'bar', x: 'origin', limit: 300, aggregate: { op: 'mean', column: 'delay' } },
    mosaic: grouped({ bin: column('origin') }, { n: count(), mean: avg('delay') }),
    bin: 'origin',
    isMean: true,
  },
  {
    query: {
      mark: 'heatmap',
      x: 'delay',
      y: 'minute',
      cells: { x: 50, y: 50 },
      domain: { x: [-60, 340], y: [0, MINUTES] },
    },
    mosaic: grouped(
      { bin: binned('delay', -60, 8), up: binned('minute', 0, MINUTES / 50) },
      { n: count() },
    ),
    bin: `least(floor((minute::DOUBLE * 50) / ${MINUTES})::INTEGER, 49) * 50 +
      least(floor(((delay - -60) * 50) / (340 - -60))::INTEGER, 49)`,
  },
];

function grouped(by: Record<string, unknown>, numbers: Record<string, unknown>): MosaicView {
  return (filter) =>
    Sql.from('bench')
      .select({ ...by, ...numbers } as never)
      .groupby(Object.keys(by))
      .where(filter);
}

function binned(name: string, low: number, width: number) {
  return floor(div(sub(column(name), low), width));
}

/** Brush cubes of five linked views against Mosaic's pre-aggregation: to build them, and to answer one step of a brush. */
export const run: RunBench = async (report) => {
  const { snapshot, store, table } = benchTable();
  const tasks = join(process.cwd(), 'dist', 'workers', 'tasks.js');
  const pool = createPool({ threads: 2, filename: pathToFileURL(tasks).href });
  const engine = createEngine({
    store: { ...store, derived: derivedBeside(table.slabs as SharedArrayBuffer[]) },
    pool,
  });
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const duckdb = await instance.connect();
  const random = randomNumbers(5);
  try {
    await duckdb.run(BENCH_SQL);
    await duckdb.run(`CREATE OR REPLACE TABLE bench AS
      SELECT *, (tick % ${MINUTES})::INTEGER AS minute FROM bench ORDER BY tick`);
    const queries = VIEWS.map(({ query }) => ({ dataset: 'bench', ...query }) as Query);
    const mosaic = await linkedViews(
      duckdb,
      AXIS,
      VIEWS.map((view) => view.mosaic),
    );
    const frames = await Promise.all(queries.map((query) => engine.frame(snapshot, query)));
    const views = queries.map((query, i) => {
      const frame = frames[i]!;
      return { query, frame, keys: query.mark === 'bar' ? frame.metadata.domain!.x! : [] };
    });
    const active = { x: AXIS.column, domain: { x: [...AXIS.domain] }, width: AXIS.width };
    const build = async (): Promise<{ cubes: Cube[]; made: Frame[] }> => {
      const made = await Promise.all(engine.cubes(snapshot, { active, filters: [], views }));
      return { made, cubes: made.map(({ bytes }) => readCube(bytes)) };
    };
    const brush = (): [number, number] => {
      const a = random() % AXIS.width;
      return [a, a + 1 + (random() % (AXIS.width - a))];
    };

    let { cubes, made } = await build();
    await mosaic.activate(unitsOf([100, 200]));
    for (let i = 0; i < GATE_BRUSHES; i++) await gate(duckdb, cubes, brush(), mosaic);

    const [own, theirs]: number[][] = [[], []];
    for (let round = -2; round < ROUNDS; round++) {
      let started = performance.now();
      ({ cubes, made } = await build());
      if (round >= 0) own!.push(performance.now() - started);
      await mosaic.forget();
      started = performance.now();
      await mosaic.activate(unitsOf([100, 200]));
      if (round >= 0) theirs!.push(performance.now() - started);
    }
    const { plan } = made[0]!;
    const bytes = made.reduce((sum, one) => sum + one.bytes.byteLength, 0);
    const name = `10 M rows, ${VIEWS.length} linked views, a brush of ${AXIS.width} px`;
    const gateName =
      'equal counts and means under random brushes: ours, Mosaic’s and plain SQL with WHERE';
    report({
      name: `brush cubes: build, ${name}`,
      against: 'pre-aggregation by @uwdata/mosaic-core 0.32.0, DuckDB on both cores',
      value: median(theirs!) / median(own!),
      unit: '×',
      bar: 5,
      want: 'at least',
      bytesTouched: plan.bytesTouched,
      gate: gateName,
      detail: `${median(own!).toFixed(0)} ms against ${median(theirs!).toFixed(0)} ms; ${(bytes / 1e6).toFixed(1)} MB of cubes`,
    });

    const outs = cubes.map((cube) => brushAnswer(cube));
    const steps: number[] = [];
    const theirSteps: number[] = [];
    for (let step = -STEPS; step < STEPS; step++) {
      const brushes = Array.from({ length: OWN_STEPS }, brush);
      const started = performance.now();
      for (const [a, b] of brushes) {
        for (let i = 0; i < cubes.length; i++) answerBrush(cubes[i]!, a, b, outs[i]);
      }
      const ms = (performance.now() - started) / OWN_STEPS;
      const their = await mosaic.move(unitsOf(brush()));
      if (step < 0) continue;
      steps.push(ms);
      theirSteps.push(their);
    }
    const micro = (ms: number): string => `${(ms * 1000).toFixed(1)} µs`;
    report({
      name: `brush cubes: one step of the brush, all views, ${name}`,
      against: 'the same step by @uwdata/mosaic-core 0.32.0 on its tables',
      value: median(theirSteps) / median(steps),
      unit: '×',
      bar: 500,
      want: 'at least',
      gate: gateName,
      detail: `${micro(median(steps))} (p99 ${micro(quantile(steps, 0.99))}) against ${median(theirSteps).toFixed(2)} ms`,
    });
  } finally {
    duckdb.closeSync();
    await pool.close();
  }
};

/** The ends of a brush in data units, in the middle of its first and last pixel: Mosaic takes both of these. */
function unitsOf([a, b]: readonly [number, number]): [number, number] {
  const pixel = (AXIS.domain[1] - AXIS.domain[0]) / AXIS.width;
  return [AXIS.domain[0] + (a + 0.5) * pixel, AXIS.domain[0] + (b - 0.5) * pixel];
}

/** Our answers, Mosaic's and those of plain SQL are the same. */
async function gate(
  duckdb: DuckDBConnection,
  cubes: readonly Cube[],
  [a, b]: [number, number],
  mosaic: Awaited<ReturnType<typeof linkedViews>>,
): Promise<void> {
  await mosaic.move(unitsOf([a, b]));
  const [low, high] = AXIS.domain;
  const cell = `least(floor(((distance::DOUBLE - ${low}) * ${AXIS.width}) / (${high} - ${low}))::INTEGER, ${AXIS.width - 1})`;
  for (const [i, { bin, isMean }] of VIEWS.entries()) {
    const rows = await duckdb.runAndReadAll(
      `SELECT count(*), avg(delay) FROM bench WHERE distance BETWEEN ${low} AND ${high}
        AND ${cell} BETWEEN ${a} AND ${b - 1} GROUP BY ${bin} ORDER BY 1, 2`,
    );
    const wanted = rows.getRows().map(([n, mean]) => [Number(n), Number(mean)] as const);
    const { counts, values } = answerBrush(cubes[i]!, a, b);
    const found = Array.from(counts, (n, k) => [n, values?.[k] ?? 0] as const)
      .filter(([n]) => n > 0)
      .sort((p, q) => p[0] - q[0] || p[1] - q[1]);
    const theirs = (mosaic.results[i]!['n'] as number[]).slice().sort((p, q) => p - q);
    const isSame =
      found.length === wanted.length &&
      found.every(([n, mean], k) => {
        const isMeanSame = isMean !== true || Math.abs(mean - wanted[k]![1]) < 1e-9;
        return n === wanted[k]![0] && isMeanSame && n === theirs[k];
      });
    if (!isSame) throw new Error(`View ${i} differs under the brush ${a} to ${b}.`);
  }
}
