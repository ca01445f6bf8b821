import { tableFromIPC } from '@uwdata/flechette';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import type { Frame } from '../../server/engine/engine.js';
import { createPool } from '../../server/pool.js';
import { SAMPLING } from '../../server/engine/sample/sampling.js';
import { coarseTable } from './coarse-table.js';
import type { RunBench } from './result.js';
import { benchRows } from './size.js';
import { median } from './statistics.js';

const RUNS = 15;
const WARM_UP = 5;

/** The first picture, from a sample, against the exact one behind it, and how far it is off against what it says. */
export const run: RunBench = async (report) => {
  const rows = benchRows(50_000_000);
  const { snapshot, store } = coarseTable(rows);
  const tasks = join(process.cwd(), 'dist', 'workers', 'tasks.js');
  const pool = createPool({ threads: 2, filename: pathToFileURL(tasks).href });
  // A small table is sampled too, to see that the bench runs.
  const sampling = { ...SAMPLING, worthMs: 0, budgetNs: Math.min(SAMPLING.budgetNs, rows * 2) };
  const engine = createEngine({ store, pool, sampling });
  const size = { dataset: 'bench', width: 1000, height: 600 } as const;
  const polygon = {
    op: 'polygon',
    x: 'level',
    y: 'amount',
    points: [
      [-3, 0],
      [3, 0],
      [1, 60],
      [-1, 60],
    ],
  } as const;
  try {
    await compare('density', {
      mark: 'scatter',
      x: 'level',
      y: 'amount',
      domain: { x: [-4.5, 4.5], y: [0, 120] },
    });
    await compare('density over time', {
      mark: 'scatter',
      x: 'at',
      y: 'level',
      domain: { x: [0, rows], y: [-4.5, 4.5] },
    });
    await compare('density in a lasso', {
      mark: 'scatter',
      x: 'level',
      y: 'amount',
      domain: { x: [-4.5, 4.5], y: [0, 120] },
      filters: [polygon as never],
    });
    await compare('bars of sums in a lasso', {
      mark: 'bar',
      x: 'station',
      aggregate: { op: 'sum', column: 'amount' },
      filters: [polygon as never],
    });
  } finally {
    await pool.close();
  }

  async function compare(name: string, asked: Omit<Query, 'dataset'>): Promise<void> {
    const times: [exact: number[], coarse: number[]] = [[], []];
    let frames: Frame[] = [];
    for (let round = -WARM_UP; round < RUNS; round++) {
      // An engine that has met no filter yet keeps no bits of it.
      const fresh = createEngine({ store, pool, sampling });
      // The domain of another round is another picture, of the same size.
      const query = { ...size, ...asked };
      frames = [];
      for (const [side, answer] of [
        () => fresh.frame(snapshot, query),
        async () => (await engine.sample(snapshot, query))!,
      ].entries()) {
        const started = performance.now();
        frames.push(await answer());
        if (round >= 0) times[side]!.push(performance.now() - started);
      }
    }
    const [exact, coarse] = frames as [Frame, Frame];
    const { rows: found, margin, share } = coarse.metadata;
    const truth = countsOf(exact);
    const guess = countsOf(coarse);
    let off = 0;
    let largest = 0;
    for (const key of new Set([...truth.keys(), ...guess.keys()])) {
      off = Math.max(off, Math.abs((truth.get(key) ?? 0) - (guess.get(key) ?? 0)));
      largest = Math.max(largest, truth.get(key) ?? 0);
    }
    const offRows = Math.abs(found.drawn - exact.metadata.rows.drawn);
    if (off > margin!.count!)
      throw new Error(`${name}: a count is off by ${off}, of ${margin!.count} that were stated.`);
    const [own, theirs] = [median(times[1]), median(times[0])];
    const gate = 'every count within the stated margin';
    const millions = `${rows / 1e6} M rows`;
    report({
      name: `${name}, ${millions}: the coarse frame`,
      against: 'the exact one',
      value: theirs / own,
      unit: '×',
      bar: 5,
      want: 'at least',
      gate,
      detail: `${own.toFixed(1)} ms against ${theirs.toFixed(0)} ms, 1 row in ${Math.round(1 / share!)}`,
    });
    report({
      name: `${name}: the worst count of the coarse frame`,
      against: 'the margin that it states',
      value: off / margin!.count!,
      unit: '×',
      bar: 1,
      want: 'at most',
      gate,
      detail: `off by ${off} of at most ${margin!.count}, the largest is ${largest}; rows drawn off by ${offRows} of at most ${margin!.drawn}`,
    });
  }
};

/** The counts of a frame by cell or key. */
function countsOf({ bytes, metadata }: Frame): Map<string | number, number> {
  const table = tableFromIPC(bytes);
  const counts = table.getChild('count').toArray() as ArrayLike<number>;
  const keys =
    metadata.layout === 'dense'
      ? null
      : table.getChild(metadata.mark === 'bar' ? 'key' : 'cell').toArray();
  const found = new Map<string | number, number>();
  for (let i = 0; i < counts.length; i++) {
    if (counts[i]! > 0) found.set(keys === null ? i : (keys[i] as string | number), counts[i]!);
  }
  return found;
}
