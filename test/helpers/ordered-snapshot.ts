import { CACHE_FORMAT, type Snapshot } from '../../server/snapshots/manifest.js';
import { SegmentWriter } from '../../server/snapshots/segment-writer.js';
import type { SnapshotStore } from '../../server/snapshots/store.js';
import type { StoreFixture } from './stored-snapshot.js';

const DOUBLE = { kind: 'float', bits: 64 } as const;
const SMALL = { kind: 'integer', bits: 8, signed: false } as const;

/** Publishes a snapshot of doubles `t`, which does not ascend, and `y`, and of whole numbers `k` from 0 to 6. */
export async function publishOrdered(
  store: SnapshotStore,
  { source }: StoreFixture,
  batchRows: readonly number[],
): Promise<Snapshot> {
  const draft = await store.begin(source);
  const columns = [
    { name: 't', type: 'DOUBLE', logical: DOUBLE },
    { name: 'y', type: 'DOUBLE', logical: DOUBLE },
    { name: 'k', type: 'UTINYINT', logical: SMALL },
  ];
  const writer = new SegmentWriter({ dir: draft.dir, columns, dictionary: () => undefined });
  let first = 0;
  for (const rows of batchRows) {
    const t = Float64Array.from({ length: rows }, (_, i) => ((first + i) * 7919) % 10_007);
    const y = t.map((x, i) => Math.sin(x / 500) * 40 + ((i * 37) % 11));
    const k = Uint8Array.from(t, (_, i) => (i * 31) % 7);
    const doubles = (values: Float64Array<ArrayBuffer>) => ({
      storage: 'float64' as const,
      nulls: 0,
      notFinite: 0,
      data: new Uint8Array(values.buffer),
      min: values.reduce((a, b) => Math.min(a, b)),
      max: values.reduce((a, b) => Math.max(a, b)),
    });
    const small = { storage: 'uint8', nulls: 0, data: k, min: 0n, max: 6n } as const;
    writer.append(rows, [doubles(t), doubles(y), small]);
    first += rows;
  }
  const info = { kind: 'number', nulls: 0, min: 0, max: 10_007 } as const;
  return draft.publish({
    format: CACHE_FORMAT,
    id: draft.id,
    dataset: source.name,
    sequence: draft.sequence,
    createdAt: draft.createdAt,
    rows: first,
    source: draft.fingerprint,
    columns: columns.map(({ name, type, logical }) => ({ logical, info: { ...info, name, type } })),
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
