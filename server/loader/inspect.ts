import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ColumnInfo } from '../../protocol/column.js';
import type { LoadReport } from '../../protocol/dataset.js';
import { STORAGES, type Storage } from '../../workers/storage.js';
import type { ManifestSegment, SourceKind } from '../snapshots/manifest.js';
import type { LoadOutcome } from './context.js';
import type { DatasetSource } from './source.js';

/** What `halftone inspect` tells of a source: everything in it was read, nothing is guessed. */
export interface Inspection {
  kind: SourceKind;
  /** File names without their folders. */
  files: string[];
  /** Bytes of the files. */
  bytes: number;
  rows: number;
  columns: (ColumnInfo & {
    /** How the column would be kept; the widest where its segments differ. */
    storage: Storage;
  })[];
  /** Bytes that the snapshot would take on disk. */
  cacheBytes: number;
  report: Omit<LoadReport, 'elapsedMs'>;
}

/** Sums up a load whose segments are not kept. */
export async function inspectionOf(
  { kind, files }: DatasetSource,
  { rows, columns, segments, report }: LoadOutcome,
): Promise<Inspection> {
  const stats = await Promise.all(files.map((file) => stat(file)));
  return {
    kind,
    files: files.map((file) => basename(file)),
    bytes: stats.reduce((sum, { size }) => sum + size, 0),
    rows,
    columns: columns.map(({ info }, i) => ({ ...info, storage: widestStorage(segments, i) })),
    cacheBytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    report,
  };
}

function widestStorage(segments: readonly ManifestSegment[], column: number): Storage {
  // STORAGES lists the widths of each family in ascending order.
  const positions = segments.map(({ columns }) => STORAGES.indexOf(columns[column]!.storage));
  return STORAGES[Math.max(0, ...positions)]!;
}
