// Loads columns of 80 MB, one after the other, 60 times, under a budget of 240 MB, and tells its resident memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColumnStore } from '../../dist/server/memory/columns.js';
import { createPool } from '../../dist/server/pool.js';
import { SegmentWriter } from '../../dist/server/snapshots/segment-writer.js';

const ROWS = 10_000_000;
const BATCH = 2 ** 20;
const NAMES = ['a', 'b', 'c', 'd'];
const logical = { kind: 'float', bits: 64 };

const dir = mkdtempSync(join(tmpdir(), 'halftone-memory-'));
const writer = new SegmentWriter({
  dir,
  columns: NAMES.map((name) => ({ name, type: 'DOUBLE', logical })),
  dictionary: () => undefined,
});
const values = new Float64Array(BATCH);
for (let first = 0; first < ROWS; first += BATCH) {
  const rows = Math.min(BATCH, ROWS - first);
  for (let i = 0; i < rows; i++) values[i] = first + i + 0.5;
  const data = new Uint8Array(values.buffer, 0, rows * 8);
  writer.append(
    rows,
    NAMES.map(() => ({ storage: 'float64', nulls: 0, data })),
  );
}
const columns = NAMES.map((name) => ({ logical, info: { name, type: 'DOUBLE', kind: 'number' } }));
const snapshot = {
  dir,
  manifest: { id: 'memory', dataset: 'memory', rows: ROWS, columns, segments: writer.finish() },
};

const pool = createPool({ threads: 2 });
const store = createColumnStore({
  read: (task) => pool.run('readSpans', task),
  budgetBytes: 240e6,
});
for (let load = 0; load < 60; load++) {
  const lease = await store.lease(snapshot, [NAMES[load % NAMES.length]]);
  const { slab, offset } = lease.table.columns[0].batches[9].data;
  const [first] = new Float64Array(lease.table.slabs[slab], offset, 1);
  if (first !== 9 * BATCH + 0.5) throw new Error(`Expected ${9 * BATCH + 0.5}, read ${first}.`);
  lease.release();
}
const { loads, evictions } = store.stats();
console.log(JSON.stringify({ rss: process.memoryUsage().rss, loads, evictions }));
await pool.close();
rmSync(dir, { recursive: true });
