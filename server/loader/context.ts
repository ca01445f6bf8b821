import type { LoadReport, Progress } from '../../protocol/dataset.js';
import type {
  ManifestColumn,
  ManifestSegment,
  ResumeFile,
  SourceVersion,
} from '../snapshots/manifest.js';
import type { AppendBase } from './append/append-base.js';
import { openDatabase, type Database } from './database.js';
import type { DatasetSource } from './source.js';

/** What a load knows of its progress; the rest of `Progress` is computed. */
export type ProgressUpdate = Pick<
  Progress,
  'stage' | 'rows' | 'rowsTotal' | 'bytes' | 'bytesTotal'
>;

/** What a load in the child works with. */
export interface LoadContext {
  source: DatasetSource;
  /** Where segments go. */
  dir: string;
  /** For everything that is not to stay: copies, spilled data. Inside of `dir`, removed by the child. */
  tempDir: string;
  /** The cage; DuckDB gets a part of it. */
  memoryBytes: number;
  threads: number;
  /** Bytes of all files of the source. */
  bytesTotal: number;
  signal: AbortSignal;
  /** The snapshot that the new one may begin with. */
  base?: AppendBase | undefined;
  /** Whether a later load may go on behind this one. */
  isResumable?: boolean;
  /** Cheap: may be called for every chunk. */
  onProgress(update: ProgressUpdate): void;
  /** Tells a person something of how the source was read. */
  onNote?: ((line: string) => void) | undefined;
}

/** What a load works with whose rows are fetched first. */
export interface PullContext extends LoadContext {
  /** The variables of the source's command. */
  environment: Readonly<Record<string, string>>;
  /** The version of the newest snapshot. */
  previous: SourceVersion | undefined;
  /** The load is ended when it takes longer. */
  deadlineMs: number;
  /** Tells a line that a command wrote beside its rows. */
  onLog(line: string): void;
  /** Tells the process group of a command, which is ended with this process. */
  onGroup(id: number): void;
}

/** What a load hands back; the parent makes a manifest of it. */
export interface LoadOutcome {
  rows: number;
  columns: ManifestColumn[];
  /** Those that were written: of an append, those behind the segments of its base. */
  segments: ManifestSegment[];
  report: Omit<LoadReport, 'elapsedMs'>;
  /** What the source calls the version that was pulled. */
  version?: SourceVersion;
  /** What an append to it begins with. */
  resume?: ResumeFile | undefined;
  /** The first rows are those of the base. */
  isAppend?: boolean;
}

/** DuckDB's part of the cage: it does not count everything it takes, and the encoder needs the rest. */
export const DATABASE_SHARE = 0.55;

/** Opens a locked database that may read `files` only. */
export function openLoadDatabase(
  { memoryBytes, threads, tempDir }: LoadContext,
  files: readonly string[],
): Promise<Database> {
  return openDatabase({ memoryBytes: memoryBytes * DATABASE_SHARE, threads, tempDir, files });
}
