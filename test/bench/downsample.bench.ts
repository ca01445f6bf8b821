import { tableFromIPC } from '@uwdata/flechette';
import { createLTTB, LTTB } from 'downsample';
import { linearCell } from '../../protocol/cells.js';
import type { Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import type { Frame } from '../../server/engine/engine.js';
import { pyramidOf } from '../../server/indexes/pyramid.js';
import { loadTable } from './loaded.js';
import type { RunBench } from './result.js';
import { benchRounds, benchRows } from './size.js';
import { median } from './statistics.js';
import { generatedFile } from './tables.js';

const ROWS = benchRows(10_000_000);
const ROUNDS = benchRounds(5);
/** Frames of ours for each of theirs. */
const FRAMES = 5;
/** Points wanted: one or two a pixel, and the budget that a query has by default. */
const BUDGETS = [2000, 25_000];

/** Both sides make the same doubles of a row's number. */
const TABLE = `SELECT i + (i * 7919 % 1001) / 1001::DOUBLE AS t,
  abs(i % 80000 - 40000) / 400::DOUBLE + abs(i % 338 - 169) / 17::DOUBLE + (i * 48271 % 1009) / 101::DOUBLE AS y
  FROM range(${ROWS}) r(i)`;
const tOf = (i: number): number => i + ((i * 7919) % 1001) / 1001;
const yOf = (i: number): number =>
  Math.abs((i % 80_000) - 40_000) / 400 +
  Math.abs((i % 338) - 169) / 17 +
  ((i * 48_271) % 1009) / 101;

interface Row {
  row: number;
  x: number;
  y: number;
}

/** Lines of chosen points against the npm package that is asked for most. */
export const run: RunBench = async (report) => {
  const file = await generatedFile(`downsample-${ROWS}.parquet`, TABLE);
  const { snapshot, store, indexes, pool, positionOf, close } = await loadTable(file);
  const engine = createEngine({ store, pool, indexes });
  try {
    const xs = Float64Array.from({ length: ROWS }, (_, i) => tOf(i));
    const ys = Float64Array.from({ length: ROWS }, (_, i) => yOf(i));
    const everyRow = Uint32Array.from({ length: ROWS }, (_, i) => i);
    // Points that are read from arrays: objects of points are no faster, and slow the collector down from round to round.
    const theirs = createLTTB<number>({
      x: (row: number) => xs[row]!,
      y: (row: number) => ys[row]!,
    });

    await ask('lttb', 2000);
    await indexes.build(snapshot, pyramidOf(positionOf('y')));
    for (const budget of BUDGETS) {
      await compare('lttb', budget, () => Array.from(theirs(everyRow, budget)));
      await compare('minmaxlttb', budget, () => minMaxLttb(budget));
    }

    function ask(method: 'lttb' | 'minmaxlttb', budget: number): Promise<Frame> {
      return engine.frame(snapshot, { ...LINE, method, budget });
    }

    async function compare(
      method: 'lttb' | 'minmaxlttb',
      budget: number,
      other: () => number[],
    ): Promise<void> {
      const { bytes } = await ask(method, budget);
      const rows = tableFromIPC(bytes).getChild('row').toArray() as Uint32Array;
      if (String([...rows]) !== String(other()))
        throw new Error(`Other rows than those of the package by ${method}.`);
      const [own, package_]: number[][] = [[], []];
      let frame: Frame | undefined;
      for (let round = 0; round < ROUNDS; round++) {
        for (let i = 0; i < FRAMES; i++) {
          const started = performance.now();
          frame = await ask(method, budget);
          own!.push(performance.now() - started);
        }
        const started = performance.now();
        other();
        package_!.push(performance.now() - started);
      }
      const ms = median(own!);
      report({
        name: `${method} of ${ROWS / 1e6} M rows, ${budget} points`,
        against:
          method === 'lttb'
            ? 'LTTB of npm downsample'
            : 'a least and greatest of buckets, then LTTB of npm downsample',
        value: median(package_!) / ms,
        unit: '×',
        bar: 10,
        want: 'at least',
        bytesTouched: frame!.plan.bytesTouched,
        gate: 'the same rows',
        detail: `by ${frame!.plan.tier}: ${ms.toFixed(1)} ms against ${median(package_!).toFixed(0)} ms`,
      });
    }

    /** The least and the greatest row of two buckets a point, and of those what LTTB chooses. */
    function minMaxLttb(budget: number): number[] {
      const buckets = budget * 2;
      const low = xs[0]!;
      const high = xs[ROWS - 1]!;
      const least = new Int32Array(buckets).fill(-1);
      const greatest = new Int32Array(buckets).fill(-1);
      for (let row = 0; row < ROWS; row++) {
        const bucket = linearCell(xs[row]!, low, high, buckets);
        if (least[bucket] === -1 || ys[row]! < ys[least[bucket]!]!) least[bucket] = row;
        if (greatest[bucket] === -1 || ys[row]! > ys[greatest[bucket]!]!) greatest[bucket] = row;
      }
      const kept = new Set([0, ROWS - 1]);
      for (let bucket = 0; bucket < buckets; bucket++)
        kept.add(least[bucket]!).add(greatest[bucket]!);
      kept.delete(-1);
      const points = [...kept]
        .sort((a, b) => a - b)
        .map((row): Row => ({ row, x: xs[row]!, y: ys[row]! }));
      return (LTTB(points, budget) as Row[]).map(({ row }) => row);
    }
  } finally {
    await close();
  }
};

const LINE: Query = { dataset: 'line', mark: 'line', x: 't', y: 'y', width: 1000, height: 600 };
