import type { Query } from '../../protocol/query.js';
import { createEngine } from '../../server/engine/create-engine.js';
import type { Frame } from '../../server/engine/engine.js';
import { tableFromIPC } from '@uwdata/flechette';
import { loadTable } from './loaded.js';
import type { RunBench } from './result.js';
import { median } from './statistics.js';
import { wideFiles } from './tables.js';

const ROWS = Number(process.env['HALFTONE_BENCH_ROWS'] ?? 10_000_000);
const ROUNDS = 7;
/** Days of the half of the rows that passes a filter. */
const DAYS: Query = {
  dataset: 'load',
  mark: 'line',
  x: { column: 'at', bin: 'day' },
  filters: [{ op: 'range', column: 'delay', max: 499 }],
};
const BAND = [0.1, 0.9] satisfies Query['band'];

/** A line of means with its band in one frame, against the same numbers in three that are asked for at once. */
export const run: RunBench = async (report) => {
  const { parquet } = await wideFiles(ROWS);
  const { snapshot, store, pool, close } = await loadTable(parquet);
  const engine = createEngine({ store, pool });
  try {
    for (const [column, kind] of [
      ['amount', 'a double'],
      ['id', 'a whole number'],
    ] as const) {
      const means: Query = { ...DAYS, aggregate: { op: 'mean', column } };
      const ask = async (query: Query): Promise<Frame> => engine.frame(snapshot, query);
      const three = [
        means,
        ...BAND.map((p): Query => ({ ...means, aggregate: { op: 'quantile', column, p } })),
      ];
      const [together, apart, alone]: number[][] = [[], [], []];
      for (let round = -1; round < ROUNDS; round++) {
        const [ownMs, frame] = await timed(() => ask({ ...means, band: BAND }));
        const [threeMs, frames] = await timed(() => Promise.all(three.map(ask)));
        const [meansMs] = await timed(() => ask(means));
        if (round < 0) {
          mustBeEqual(frame, frames);
          continue;
        }
        together!.push(ownMs);
        apart!.push(threeMs);
        alone!.push(meansMs);
      }
      const ms = median(together!);
      report({
        name: `line of means of ${kind} with a band, by day, half of ${ROWS / 1e6} M rows`,
        against: 'three frames, asked for at once',
        value: median(apart!) / ms,
        unit: '×',
        bar: 1.5,
        want: 'at least',
        gate: 'the very numbers of the three',
        detail: `${ms.toFixed(0)} ms against ${median(apart!).toFixed(0)}; the means alone ${median(alone!).toFixed(0)}`,
      });
    }
  } finally {
    await close();
  }
};

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const started = performance.now();
  const result = await work();
  return [performance.now() - started, result];
}

function mustBeEqual(frame: Frame, [means, low, high]: readonly Frame[]): void {
  const of = ({ bytes }: Frame, name: string): string =>
    JSON.stringify([...(tableFromIPC(bytes).getChild(name).toArray() as Iterable<unknown>)]);
  for (const [name, other] of [
    ['value', means!],
    ['low', low!],
    ['high', high!],
  ] as const) {
    if (of(frame, name) !== of(other, 'value')) throw new Error(`The column "${name}" differs.`);
  }
}
