import { dirname, join, sep } from 'node:path';
import type { ColumnBatch, DictionaryView, Span } from '../../workers/columns.js';
import type { SpanRead } from '../../workers/read-spans.js';
import type {
  BatchColumn,
  BufferRef,
  Manifest,
  ManifestSegment,
  SegmentColumn,
  Snapshot,
} from '../snapshots/manifest.js';
import type { MemoryUnit } from './residents.js';

/**
 * What is read into memory as one: the buffers of a column in one batch, of a dictionary, or a part of an index. Its key is
 * unlike that of any other unit of any snapshot; where snapshots share a segment they share its units.
 */
export interface Unit extends MemoryUnit {
  file: string;
  /** Position of the column in the snapshot. */
  column: number;
  /** Position of the batch in the file; absent for a dictionary. */
  batch?: number;
  /** Their bytes, each rounded up to 64, are those of the unit. */
  refs: BufferRef[];
  /** It belongs to an index: where it is damaged, that can be done without. */
  isIndex?: true;
}

/** What an index file in a snapshot's folder holds of one batch of a column. */
export interface IndexPart {
  file: string;
  column: number;
  batch: number;
  ref: BufferRef;
  /** The snapshot that wrote the segment, where another one took it over: its index is the same. */
  writtenBy?: string;
}

// A key that is made anew is hashed anew by each map that is asked for it: 1 µs a part of every frame.
const ofParts = new WeakMap<IndexPart, { dir: string; unit: Unit }>();

/** The unit of a part of an index. */
export function indexUnit(dir: string, part: IndexPart): Unit {
  const known = ofParts.get(part);
  if (known?.dir === dir) return known.unit;
  const { file, column, batch, ref } = part;
  const unit: Unit = {
    key: `${writerOf(dir, part)}/${file}/${ref.offset}`,
    file,
    column,
    batch,
    refs: [ref],
    bytes: align(ref.length),
    isIndex: true,
  };
  ofParts.set(part, { dir, unit });
  return unit;
}

/** One batch of a snapshot: its segment and its position in it. */
export interface BatchPlace {
  segment: ManifestSegment;
  batch: number;
}

/** The batches of a snapshot in row order. */
export function batchPlaces({ segments }: Manifest): BatchPlace[] {
  return segments.flatMap((segment) => segment.batches.map((_, batch) => ({ segment, batch })));
}

/** The unit of a column in one batch; undefined where it has no bytes. */
export function batchUnit(
  dir: string,
  { segment, batch }: BatchPlace,
  column: number,
): Unit | undefined {
  const { validity, offsets, data } = segment.batches[batch]!.columns[column]!;
  return unit(writerOf(dir, segment), { file: segment.file, column, batch }, [
    validity,
    offsets,
    data,
  ]);
}

/** The unit of a column's dictionary: the last segment's, as a later one begins with the earlier ones'. */
export function dictionaryUnit(
  dir: string,
  { segments }: Manifest,
  column: number,
): { unit: Unit | undefined; dictionary: NonNullable<SegmentColumn['dictionary']> } | undefined {
  const segment = segments.findLast(({ columns }) => columns[column]!.dictionary !== undefined);
  if (segment === undefined) return undefined;
  const dictionary = segment.columns[column]!.dictionary!;
  return {
    unit: unit(writerOf(dir, segment), { file: segment.file, column }, [
      dictionary.offsets,
      dictionary.bytes,
    ]),
    dictionary,
  };
}

/** The folder of the snapshot that wrote a segment: the same for all that share it. */
function writerOf(dir: string, { writtenBy }: Pick<ManifestSegment, 'writtenBy'>): string {
  return writtenBy === undefined ? dir : join(dirname(dir), writtenBy);
}

function unit(
  writer: string,
  place: Pick<Unit, 'file' | 'column' | 'batch'>,
  refs: readonly (BufferRef | undefined)[],
): Unit | undefined {
  const present = refs.filter((ref) => ref !== undefined);
  const bytes = present.reduce((sum, { length }) => sum + align(length), 0);
  if (bytes === 0) return undefined;
  const key = `${writer}/${place.file}/${place.batch ?? 'dictionary'}.${place.column}`;
  return { key, ...place, refs: present, bytes };
}

/** Where the buffers of a unit go within its run of memory. */
export function readsOf({ refs }: Unit, run: Span): SpanRead[] {
  let at = run.offset;
  return refs.map(({ offset, length, crc32 }) => {
    const read = { offset, length, crc32, slab: run.slab, at };
    at += align(length);
    return read;
  });
}

/** The batch as workers see it; without `run` the spans are absent. */
export function batchView(
  { segment, batch }: BatchPlace,
  column: number,
  run: Span | undefined,
): ColumnBatch {
  const { nulls, min, max, notFinite, ...refs } = segment.batches[batch]!.columns[column]!;
  return {
    storage: segment.columns[column]!.storage,
    nulls,
    ...(min === undefined ? {} : { min: extreme(min) }),
    ...(max === undefined ? {} : { max: extreme(max) }),
    ...(notFinite === undefined ? {} : { notFinite }),
    ...spansOf(refs, run),
  };
}

export function dictionaryView(
  { size, offsets, bytes }: NonNullable<SegmentColumn['dictionary']>,
  run: Span,
  id: string,
): DictionaryView {
  return {
    id,
    size,
    offsets: { slab: run.slab, offset: run.offset, length: offsets.length },
    bytes: { slab: run.slab, offset: run.offset + align(offsets.length), length: bytes.length },
  };
}

function spansOf(
  { validity, offsets, data }: Pick<BatchColumn, 'validity' | 'offsets' | 'data'>,
  run: Span | undefined,
): Pick<ColumnBatch, 'validity' | 'offsets' | 'data'> {
  if (run === undefined) return {};
  let at = run.offset;
  const next = (ref: BufferRef): Span => {
    const span = { slab: run.slab, offset: at, length: ref.length };
    at += align(ref.length);
    return span;
  };
  return {
    ...(validity === undefined ? {} : { validity: next(validity) }),
    ...(offsets === undefined ? {} : { offsets: next(offsets) }),
    ...(data === undefined ? {} : { data: next(data) }),
  };
}

function extreme(value: number | string): number | bigint {
  return typeof value === 'string' ? BigInt(value) : value;
}

function align(length: number): number {
  return Math.ceil(length / 64) * 64;
}

/** Whether a key is of a snapshot that lies beside the given ones, which share segments, and is none of them. */
export function isBeside(snapshots: readonly Snapshot[]): (key: string) => boolean {
  const folders = new Set(snapshots.map(({ dir }) => `${dirname(dir)}${sep}`));
  const kept = new Set(
    snapshots.flatMap(({ dir, manifest: { segments } }) => [
      dir,
      ...segments.map((segment) => writerOf(dir, segment)),
    ]),
  );
  return (key) => {
    for (const folder of folders) {
      if (key.startsWith(folder)) return !kept.has(key.slice(0, key.indexOf('/', folder.length)));
    }
    return false;
  };
}
