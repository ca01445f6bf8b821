import type { Logical } from '../../../workers/storage.js';
import type { ManifestSegment } from '../../snapshots/manifest.js';
import type { StagedBatch } from '../staging.js';
import type { Lane } from '../types.js';
import type { ColumnSummary } from './encoded.js';

/** A column as the encoding thread is told of it. */
export interface EncodeColumn {
  name: string;
  /** DuckDB's name of the declared type. */
  type: string;
  logical: Logical;
  lane: Lane;
}

export type ToEncoder = { type: 'batch'; index: number; batch: StagedBatch } | { type: 'finish' };

export type FromEncoder =
  | { type: 'encoded'; index: number }
  | { type: 'finished'; segments: ManifestSegment[]; summaries: ColumnSummary[] }
  | { type: 'failed'; message: string; code?: string };
