import { CACHE_FORMAT, type Snapshot } from '../../server/snapshots/manifest.js';
import { SegmentWriter } from '../../server/snapshots/segment-writer.js';
import type { SnapshotStore } from '../../server/snapshots/store.js';
import type { StoreFixture } from './stored-snapshot.js';

/** Publishes a snapshot of two columns of doubles: `t` ascends, `y` goes up and down, every 1,000th value is NaN. */
export async function publishRising(
  store: SnapshotStore,
  { source }: StoreFixture,
  batchRows: readonly number[],
): Promise<Snapshot> {
  const draft = await store.begin(source);
  const logical = { kind: 'float', bits: 64 } as const;
  const columns = ['t', 'y'].map((name) => ({ name, type: 'DOUBLE', logical }));
  const writer = new SegmentWriter({ dir: draft.dir, columns, dictionary: () => undefined });
  let first = 0;
  for (const rows of batchRows) {
    const t = Float64Array.from({ length: rows }, (_, i) => first + i + ((i * 7) % 5) / 10);
    const y = t.map((x, i) => (i % 1000 === 999 ? NaN : Math.sin(x / 500) * 40 + ((i * 37) % 11)));
    const finite = y.filter((value) => !Number.isNaN(value));
    let [min, max] = [Infinity, -Infinity];
    for (const value of finite) [min, max] = [Math.min(min, value), Math.max(max, value)];
    const column = (
      values: Float64Array<ArrayBuffer>,
      extremes: [number, number],
      nan: number,
    ) => ({
      storage: 'float64' as const,
      nulls: 0,
      data: new Uint8Array(values.buffer),
      min: extremes[0],
      max: extremes[1],
      notFinite: nan,
    });
    writer.append(rows, [
      column(t, [t[0]!, t.at(-1)!], 0),
      column(y, [min, max], rows - finite.length),
    ]);
    first += rows;
  }
  const info = { type: 'DOUBLE', kind: 'number', nulls: 0, min: 0, max: first } as const;
  return draft.publish({
    format: CACHE_FORMAT,
    id: draft.id,
    dataset: source.name,
    sequence: draft.sequence,
    createdAt: draft.createdAt,
    rows: first,
    source: draft.fingerprint,
    columns: [
      { logical, info: { ...info, name: 't', ascending: true } },
      { logical, info: { ...info, name: 'y' } },
    ],
    segments: writer.finish(),
    report: {
      lines: 1,
      rows: 1,
      setAside: 0,
      nulled: 0,
      warnings: [],
      findings: [],
      elapsedMs: 1,
    },
  });
}
