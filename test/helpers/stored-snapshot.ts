import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetSource } from '../../server/loader/source.js';
import type { EncodedColumn, EncodedDictionary } from '../../server/snapshots/encoded-column.js';
import { CACHE_FORMAT, type Manifest, type Snapshot } from '../../server/snapshots/manifest.js';
import type { Draft } from '../../server/snapshots/draft.js';
import { SegmentWriter } from '../../server/snapshots/segment-writer.js';
import { openStore, type SnapshotStore } from '../../server/snapshots/store.js';

/** A cache folder with a source file, both temporary. */
export interface StoreFixture {
  folder: string;
  source: DatasetSource;
  open(options?: { readOnly?: boolean }): Promise<SnapshotStore>;
  remove(): void;
}

export function storeFixture(): StoreFixture {
  const folder = mkdtempSync(join(tmpdir(), 'halftone-store-'));
  const path = join(folder, 'numbers.csv');
  writeFileSync(path, 'n,word\n1,one\n');
  return {
    folder,
    source: { name: 'numbers', kind: 'csv', files: [path], united: false, csv: {}, strict: false },
    open: (options) => openStore({ dir: join(folder, 'cache'), now: () => new Date(), ...options }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const WORDS: EncodedDictionary = {
  size: 3,
  offsets: Int32Array.of(0, 3, 6, 11),
  bytes: new TextEncoder().encode('onetwothree'),
};

/** Writes a snapshot of `batches` batches of 1,000 rows: n = 0, 1, 2 …, a word of three, and nulls in both. */
export function fillDraft(draft: Draft, batches = 3, dataset = 'numbers'): Manifest {
  const columns = [
    { name: 'n', type: 'BIGINT', logical: { kind: 'integer', bits: 64, signed: true } },
    { name: 'word', type: 'VARCHAR', logical: { kind: 'text' } },
  ] as const;
  const writer = new SegmentWriter({
    dir: draft.dir,
    columns,
    dictionary: (i) => (i === 1 ? WORDS : undefined),
  });
  for (let batch = 0; batch < batches; batch++) writer.append(1000, encodeBatch(batch * 1000));
  return {
    format: CACHE_FORMAT,
    id: draft.id,
    dataset,
    sequence: draft.sequence,
    createdAt: draft.createdAt,
    rows: batches * 1000,
    source: draft.fingerprint,
    columns: [
      {
        logical: columns[0].logical,
        info: {
          name: 'n',
          type: 'BIGINT',
          kind: 'number',
          integer: true,
          nulls: 0,
          min: 0,
          max: batches * 1000 - 1,
        },
      },
      {
        logical: columns[1].logical,
        info: { name: 'word', type: 'VARCHAR', kind: 'text', nulls: 0, min: 'one', max: 'two' },
      },
    ],
    segments: writer.finish(),
    report: { lines: 1, rows: 1, setAside: 0, nulled: 0, warnings: [], findings: [], elapsedMs: 1 },
  };
}

function encodeBatch(first: number): EncodedColumn[] {
  const n = Int32Array.from({ length: 1000 }, (_, i) => first + i);
  const validity = new Uint8Array(125).fill(0b1111_1110);
  const codes = Uint8Array.from({ length: 1000 }, (_, i) => (first + i) % 3);
  return [
    {
      storage: 'int32',
      nulls: 125,
      validity,
      data: new Uint8Array(n.buffer),
      min: BigInt(first + 1),
      max: BigInt(first + 999),
    },
    { storage: 'dict8', nulls: 0, data: codes },
  ];
}

/** Makes and publishes a snapshot. */
export async function publishSnapshot(
  store: SnapshotStore,
  source: DatasetSource,
  batches = 3,
): Promise<Snapshot> {
  const draft = await store.begin(source);
  return draft.publish(fillDraft(draft, batches, source.name));
}
