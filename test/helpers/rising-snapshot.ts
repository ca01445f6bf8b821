import { linkSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  CACHE_FORMAT,
  type ManifestSegment,
  type Snapshot,
} from '../../server/snapshots/manifest.js';
import { SegmentWriter } from '../../server/snapshots/segment-writer.js';
import type { SnapshotStore } from '../../server/snapshots/store.js';
import type { StoreFixture } from './stored-snapshot.js';

/** Publishes a snapshot of two columns of doubles: `t` ascends, `y` goes up and down, every 1,000th value is NaN. */
export async function publishRising(
  store: SnapshotStore,
  fixture: StoreFixture,
  batchRows: readonly number[],
): Promise<Snapshot> {
  const draft = await store.begin(fixture.source);
  return draft.publish(manifestOf(draft, fixture, writeSegments(draft.dir, 0, batchRows)));
}

/** Publishes one with the rows of an earlier snapshot, in its segments and with their indexes, and more batches behind. */
export async function appendRising(
  store: SnapshotStore,
  fixture: StoreFixture,
  { dir, manifest }: Snapshot,
  batchRows: readonly number[],
): Promise<Snapshot> {
  const draft = await store.begin(fixture.source);
  for (const file of readdirSync(dir)) {
    if (file.startsWith('segment-')) linkSync(join(dir, file), join(draft.dir, file));
  }
  const aside = join(draft.dir, 'more');
  mkdirSync(aside);
  const more = writeSegments(aside, manifest.rows, batchRows).map((segment, k) => {
    const file = `segment-${manifest.segments.length + k}.arrow`;
    renameSync(join(aside, segment.file), join(draft.dir, file));
    return { ...segment, file };
  });
  rmSync(aside, { recursive: true });
  return draft.publish(manifestOf(draft, fixture, [...manifest.segments, ...more]));
}

const LOGICAL = { kind: 'float', bits: 64 } as const;

function writeSegments(
  dir: string,
  firstRow: number,
  batchRows: readonly number[],
): ManifestSegment[] {
  const columns = ['t', 'y'].map((name) => ({ name, type: 'DOUBLE', logical: LOGICAL }));
  const writer = new SegmentWriter({ dir, columns, dictionary: () => undefined });
  let first = firstRow;
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
  return writer.finish();
}

function manifestOf(
  draft: Awaited<ReturnType<SnapshotStore['begin']>>,
  { source }: StoreFixture,
  segments: ManifestSegment[],
): Parameters<typeof draft.publish>[0] {
  const rows = segments
    .flatMap(({ batches }) => batches)
    .reduce((sum, batch) => sum + batch.rows, 0);
  const info = { type: 'DOUBLE', kind: 'number', nulls: 0, min: 0, max: rows } as const;
  return {
    format: CACHE_FORMAT,
    id: draft.id,
    dataset: source.name,
    sequence: draft.sequence,
    createdAt: draft.createdAt,
    rows,
    source: draft.fingerprint,
    columns: [
      { logical: LOGICAL, info: { ...info, name: 't', ascending: true } },
      { logical: LOGICAL, info: { ...info, name: 'y' } },
    ],
    segments,
    report: {
      lines: 1,
      rows: 1,
      setAside: 0,
      nulled: 0,
      warnings: [],
      findings: [],
      elapsedMs: 1,
    },
  };
}
