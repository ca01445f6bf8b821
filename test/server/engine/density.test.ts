import { tableFromIPC } from '@uwdata/flechette';
import { expect, test } from 'vitest';
import { linearCell } from '../../../protocol/cells.js';
import type { Query } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type Stored } from '../../helpers/memory-snapshot.js';

test('counts two-decimal values into the cells of a brute force', async () => {
  const rows = 40_000;
  const x: Stored[] = Array.from({ length: rows }, (_, i) =>
    i % 97 === 0 ? null : ((i * 7919) % 10_000) / 100,
  );
  const y: Stored[] = Array.from({ length: rows }, (_, i) =>
    i % 89 === 0 ? NaN : ((i * 104_729) % 5000) / 100 - 20,
  );
  const { snapshot, store } = memorySnapshot([
    { name: 'x', storage: 'float64', logical: { kind: 'float', bits: 64 }, values: x },
    { name: 'y', storage: 'float64', logical: { kind: 'float', bits: 64 }, values: y },
  ]);
  const engine = createEngine({ store, pool: inlinePool() });
  const query: Query = {
    dataset: 'test',
    mark: 'scatter',
    method: 'density',
    x: 'x',
    y: 'y',
    width: 50,
    height: 40,
    domain: { x: [1.1, 73.3], y: [-10.7, 20.9] },
    filters: [{ op: 'range', column: 'x', min: 0.5 }],
  };
  const { bytes, metadata } = await engine.frame(snapshot, query);
  const counts = [...tableFromIPC(bytes).getChild('count').toArray()];

  const expected = Array.from({ length: 2000 }, () => 0);
  const total = { total: rows, matched: 0, drawn: 0, outside: 0, dropped: 0 };
  for (let i = 0; i < rows; i++) {
    const [px, py] = [x[i] as number | null, y[i] as number];
    if (px === null || px < 0.5) continue;
    total.matched++;
    const [ix, iy] = [linearCell(px, 1.1, 73.3, 50), linearCell(py, -10.7, 20.9, 40)];
    if (!Number.isFinite(py)) total.dropped++;
    else if (ix < 0 || iy < 0) total.outside++;
    else {
      total.drawn++;
      expected[iy * 50 + ix]!++;
    }
  }
  expect(metadata.rows).toEqual(total);
  expect(counts).toEqual(expected);
});
