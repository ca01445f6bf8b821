import { join } from 'node:path';
import type { Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import type { Frame } from '../../server/engine/engine.js';
import { indexFile } from '../../server/indexes/index-file.js';
import { pyramidOf } from '../../server/indexes/pyramid.js';
import { statSync } from 'node:fs';
import { loadTable } from './loaded.js';
import type { RunBench } from './result.js';
import { benchRounds, benchRows } from './size.js';
import { median, quantile } from './statistics.js';
import { generatedFile } from './tables.js';

const ROWS = benchRows(100_000_000);
const WIDTH = 1000;
/** Windows of any width, for which a p99 can be told. Of some rounds the quietest counts: whatever else runs makes a p99. */
const ZOOMS = 300;
const ZOOM_ROUNDS = 4;
const SCANS = benchRounds(7);
/** Until the compiler has made what it makes of the code. */
const WARM_UP = 150;

const TABLE = `SELECT i + (hash(i) % 1000) / 1001.0 AS t,
  (sin(i / 40_000.0) * 50 + sin(i / 170.0) * 5 + (hash(i + 1) % 1000) / 100.0)::FLOAT AS y
  FROM range(${ROWS}) r(i)`;

/** A line of a hundred million rows: any window of it, and all of it against our own scan. */
export const run: RunBench = async (report) => {
  const file = await generatedFile(`long-line-${ROWS}.parquet`, TABLE);
  const { snapshot, store, indexes, pool, positionOf, close } = await loadTable(file);
  try {
    const engine = createEngine({ store, pool, indexes, tier: 'pyramid' });
    const scanning = createEngine({ store, pool, tier: 'scan' });
    const lease = await store.lease(snapshot, ['t', 'y']);
    lease.release();
    const pyramid = pyramidOf(positionOf('y'));
    const started = performance.now();
    await indexes.build(snapshot, pyramid);
    const buildMs = performance.now() - started;
    const bytes = snapshot.manifest.segments
      .map((segment) => statSync(join(snapshot.dir, indexFile(pyramid, segment))).size)
      .reduce((sum, size) => sum + size, 0);

    const rows = `${ROWS / 1e6} M rows`;
    const shared = { gate: 'the bytes of our own scan' } as const;
    report({
      ...shared,
      name: `line index: build, ${rows}`,
      against: '—',
      value: buildMs,
      unit: 'ms',
      bar: (2000 * ROWS) / 20e6,
      want: 'at most',
      detail: `both threads, in the background, on the disk; ${(bytes / ROWS).toFixed(2)} B a row`,
    });

    for (let i = 0; i < WARM_UP; i++) await engine.frame(snapshot, zoom());
    const rounds: number[][] = [];
    let touched = 0;
    for (let round = 0; round < ZOOM_ROUNDS; round++) {
      const times: number[] = [];
      for (let i = 0; i < ZOOMS; i++) {
        const query = zoom();
        const frame = await engine.frame(snapshot, query);
        times.push(timeOf(frame));
        touched = Math.max(touched, frame.plan.bytesTouched);
        if (i % 100 === 0) await mustEqualScan(query, frame);
      }
      rounds.push(times);
    }
    const p99s = rounds.map((times) => quantile(times, 0.99)).sort((a, b) => a - b);
    const slowest = Math.max(...rounds.flat());
    report({
      ...shared,
      name: `line, any zoom from all to a hundred-thousandth of x, ${rows}, ${WIDTH} columns: p99`,
      against: `the quietest of ${ZOOM_ROUNDS} rounds of ${ZOOMS} windows`,
      value: p99s[0]!,
      unit: 'ms',
      bar: 5,
      want: 'at most',
      bytesTouched: touched,
      detail: `median ${median(rounds.flat()).toFixed(2)} ms; p99 of the rounds ${p99s.map((ms) => ms.toFixed(1)).join(', ')} ms, slowest ${slowest.toFixed(0)} ms`,
    });

    const [own, scans]: number[][] = [[], []];
    let full: Frame | undefined;
    for (let round = 0; round < SCANS; round++) {
      const query = ask(windowOf(1));
      for (let i = 0; i < 9; i++) {
        full = await engine.frame(snapshot, i === 0 ? query : ask(windowOf(1)));
        own!.push(timeOf(full));
      }
      const frame = await engine.frame(snapshot, query);
      scans!.push(timeOf(await mustEqualScan(query, frame)));
    }
    const ms = median(own!);
    report({
      ...shared,
      name: `line, full view, ${rows}, ${WIDTH} columns`,
      against: 'our own scan, both threads',
      value: median(scans!) / ms,
      unit: '×',
      bar: 100,
      want: 'at least',
      bytesTouched: full!.plan.bytesTouched,
      detail: `${ms.toFixed(2)} ms (p99 ${quantile(own!, 0.99).toFixed(2)}) against ${median(scans!).toFixed(0)} ms`,
    });

    /** What our own scan answers, where it is the same. */
    async function mustEqualScan(query: Query, frame: Frame): Promise<Frame> {
      const expected = await scanning.frame(snapshot, query);
      if (Buffer.compare(frame.bytes, expected.bytes) !== 0) throw new Error('The frames differ.');
      return expected;
    }
  } finally {
    await close();
  }
};

const timeOf = ({ timing }: Frame): number => timing.computeMs + timing.encodeMs;

const zoom = (): Query => ask(windowOf(10 ** (-5 * Math.random())));

/** A window of about this share of all rows, somewhere else each time, so that nothing kept can answer. */
function windowOf(share: number): [number, number] {
  const width = Math.max(1, ROWS * share * (1 - Math.random() * 0.002));
  const low = Math.random() * (ROWS - width);
  return [low, low + width];
}

const ask = (x: [number, number]): Query => ({
  dataset: 'long-line',
  mark: 'line',
  method: 'm4',
  x: 't',
  y: 'y',
  width: WIDTH,
  height: 600,
  domain: { x },
});
