import type { ColumnInfo } from '../../protocol/column.js';
import type { LoadReport } from '../../protocol/dataset.js';
import type { Logical, Storage } from '../../workers/storage.js';

/** Raised when an older reader could misread a newer cache; another version is rebuilt from its source. */
export const CACHE_FORMAT = 2;

/** The file in a snapshot's folder that says what it holds. Written last, read first. */
export const MANIFEST_FILE = 'manifest.json';

/** A snapshot as its folder describes it: `<cache>/<dataset folder>/<snapshot id>/manifest.json`. */
export interface Manifest {
  format: number;
  /** A sortable time and a hash of (fingerprint, options, format): names the folder. */
  id: string;
  dataset: string;
  /** 1, 2, 3 … within the dataset: the id of its events. */
  sequence: number;
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601: when its rows were pulled, where they were read from a copy that was kept of them. */
  pulledAt?: string;
  rows: number;
  source: SourceFingerprint;
  /** What the source called the version that was pulled; absent where it says nothing of it. */
  version?: SourceVersion;
  columns: ManifestColumn[];
  segments: ManifestSegment[];
  report: LoadReport;
  /** What an append to it begins with; absent where none can be. */
  resume?: ResumeFile;
  /** The snapshot whose rows it begins with, and their number: what is behind them is all that came. */
  appendedTo?: { id: string; rows: number };
}

/** A file of the snapshot's folder that only the next load looks at. Without it that load reads the source whole. */
export interface ResumeFile {
  file: string;
  bytes: number;
  crc32: number;
}

/** What the snapshot was made from. A source that differs in any of it is loaded anew. */
export interface SourceFingerprint {
  kind: SourceKind;
  files: FileFingerprint[];
  /** Everything that changes the outcome of a load, in canonical JSON. */
  options: string;
}

export type SourceKind = FileKind | 'sql' | 'duckdb' | 'command' | 'url' | 'postgres';

/** The kinds that a file of rows can be of. */
export type FileKind = 'csv' | 'parquet' | 'json' | 'arrow';

/** How a web server names a version of what it gives; a conditional request gives them back. */
export interface SourceVersion {
  etag?: string;
  lastModified?: string;
}

export interface FileFingerprint {
  /** Absolute. */
  path: string;
  size: number;
  /** Nanoseconds since 1970, as a decimal string. */
  mtimeNs: string;
  ino: string;
}

/** A column of the snapshot: what people see of it, and what its integers mean. */
export interface ManifestColumn {
  info: ColumnInfo;
  logical: Logical;
}

/** An immutable Arrow IPC file of whole record batches. */
export interface ManifestSegment {
  /** File name in the snapshot's folder. */
  file: string;
  /** The snapshot of the same dataset that wrote it, where it is shared with that: what is in memory of one serves the other. */
  writtenBy?: string;
  bytes: number;
  /** CRC-32 of the schema message at the start and of the footer at the end, both with their framing. */
  schema: BufferRef;
  footer: BufferRef;
  /** One a column of the snapshot: width and dictionary belong to the segment. */
  columns: SegmentColumn[];
  batches: SegmentBatch[];
}

export interface SegmentColumn {
  storage: Storage;
  /** The distinct values so far, in order of their codes; a later segment's begins with an earlier one's. */
  dictionary?: { size: number; header: BufferRef; offsets: BufferRef; bytes: BufferRef };
}

export interface SegmentBatch {
  rows: number;
  /** The Arrow message before the buffers, with its framing. Only other readers need it, here it is only verified. */
  header: BufferRef;
  columns: BatchColumn[];
}

/** One column of one batch: where its buffers lie, and what is known of the values. */
export interface BatchColumn {
  nulls: number;
  validity?: BufferRef;
  offsets?: BufferRef;
  data?: BufferRef;
  /** Extremes of the finite values: integers as decimal strings, doubles as numbers. Not for text and binary. */
  min?: number | string;
  max?: number | string;
  notFinite?: number;
}

/** A stretch of a file with its CRC-32: read whole, checked, and only then used. */
export interface BufferRef {
  /** From the start of the file, in bytes; a multiple of 64. */
  offset: number;
  length: number;
  crc32: number;
}

/** Since when the rows of a snapshot are what their source gave. ISO 8601. */
export function pulledAt({ pulledAt: before, createdAt }: Manifest): string {
  return before ?? createdAt;
}

/** An opened snapshot: its manifest has been checked against its folder. */
export interface Snapshot {
  dir: string;
  manifest: Manifest;
}
