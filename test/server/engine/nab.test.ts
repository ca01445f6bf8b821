import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import { expect, test } from 'vitest';
import { timeCell } from '../../../protocol/cells.js';
import { parseTime } from '../../../protocol/time.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot } from '../../helpers/memory-snapshot.js';

const NAB = resolve(import.meta.dirname, '../../../../shared/corpora/nab');
const isThere = existsSync(NAB);
if (!isThere) console.log('Skipped NAB: ../shared/corpora is not there.');

const WIDTHS = [1, 7, 60, 333, 1000, 2500];
const SECOND = 1_000_000_000n;

function seconds(text: string): bigint {
  return parseTime(text)! / SECOND;
}

// The Numenta Anomaly Benchmark: 58 series, each with the windows in which people saw something.
test.skipIf(!isThere)('no labelled spike vanishes from an m4 line of any width', async () => {
  const labels = JSON.parse(readFileSync(`${NAB}/labels/combined_windows.json`, 'utf8')) as Record<
    string,
    [string, string][]
  >;
  let series = 0;
  for (const [file, spans] of Object.entries(labels)) {
    if (spans.length === 0) continue;
    const lines = readFileSync(`${NAB}/data/${file}`, 'utf8').trim().split('\n').slice(1);
    const times = lines.map((line) => seconds(line.split(',')[0]!));
    const heights = lines.map((line) => Number(line.split(',')[1]));
    const { snapshot, store } = memorySnapshot([
      {
        name: 't',
        storage: 'int64',
        logical: { kind: 'time', unit: 's', zoned: false },
        values: times,
      },
      { name: 'y', storage: 'float64', logical: { kind: 'float', bits: 64 }, values: heights },
    ]);
    const engine = createEngine({ store, pool: inlinePool(2) });
    const labelled = times.flatMap((time, row) =>
      spans.some(([from, to]) => time >= seconds(from) && time <= seconds(to)) ? [row] : [],
    );
    for (const width of WIDTHS) {
      const query = { dataset: 'nab', mark: 'line', x: 't', y: 'y', method: 'm4', width } as const;
      const { bytes, metadata } = await engine.frame(snapshot, query);
      const [low, high] = metadata.domain!.x!.map((end) => seconds(end as string));
      const columns = times.map((time) => timeCell(time, low!, high!, width));
      const least = new Map<number, number>();
      const greatest = new Map<number, number>();
      for (const row of tableFromIPC(bytes).getChild('row').toArray() as Iterable<number>) {
        const [c, y] = [columns[row]!, heights[row]!];
        least.set(c, Math.min(y, least.get(c) ?? y));
        greatest.set(c, Math.max(y, greatest.get(c) ?? y));
      }
      const lost = labelled.filter((row) => {
        const [c, y] = [columns[row]!, heights[row]!];
        return !(least.get(c)! <= y && greatest.get(c)! >= y);
      });
      expect([file, width, lost]).toEqual([file, width, []]);
    }
    series++;
  }
  expect(series).toBeGreaterThan(40);
});
