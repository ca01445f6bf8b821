import type { Logical } from '../../../workers/storage.js';
import type { ManifestSegment } from '../../snapshots/manifest.js';
import type { StagedBatch } from '../staging.js';
import type { Lane } from '../types.js';
import type { EncodedDictionary } from '../../snapshots/encoded-column.js';
import type { ColumnState, ColumnSummary } from './encoded.js';
import type { SamplerState } from './sampler.js';

/** A column as the encoding thread is told of it. */
export interface EncodeColumn {
  name: string;
  /** DuckDB's name of the declared type. */
  type: string;
  logical: Logical;
  lane: Lane;
}

/** What the encoding thread knows of the rows so far: with it another one goes on as if it had seen them. */
export interface EncodingState {
  columns: ColumnState[];
  sampler: SamplerState;
}

/** Where rows that came before end: the next segment is `segments`, and behind them the state goes on. */
export interface ResumedEncoding {
  segments: number;
  state: EncodingState;
  /** By column. */
  dictionaries: readonly (EncodedDictionary | undefined)[];
}

/** A table that is to be encoded. */
export interface TableToEncode {
  /** Where the segments are written. */
  dir: string;
  columns: readonly EncodeColumn[];
  /** A dictionary that grows beyond this many bytes is given up. */
  maxDictionaryBytes: number;
  /** The rows that these come behind. */
  resumed?: ResumedEncoding | undefined;
}

export type ToEncoder =
  | { type: 'open'; table: TableToEncode }
  | { type: 'batch'; index: number; batch: StagedBatch }
  | { type: 'finish' };

export type FromEncoder =
  | { type: 'encoded'; index: number }
  | {
      type: 'finished';
      segments: ManifestSegment[];
      summaries: ColumnSummary[];
      state: EncodingState;
    }
  | { type: 'failed'; message: string; code?: string };
