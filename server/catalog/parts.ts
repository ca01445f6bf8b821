import type { Progress } from '../../protocol/progress.js';
import type { DatasetSource } from '../loader/source.js';
import type { Manifest, Snapshot, SourceFingerprint } from '../snapshots/manifest.js';
import type { PulledCopy } from '../snapshots/pulled-copy.js';

/** How one load is done, and who follows it. */
export interface LoadOptions {
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
  /** Told each line that a command writes beside its rows. */
  onLog?: (line: string) => void;
  /** The newest snapshot, where it is sound. */
  previous?: Snapshot | undefined;
  /** Looks at what was loaded before it is published; throws what speaks against it. */
  accept?: (manifest: Manifest) => void;
  /** A Parquet file with the rows of a pulled source as they were: they are read from there. */
  copy?: PulledCopy | undefined;
  /** It was small the last time: it runs beside others, and has a small part of their memory. */
  isSmall?: boolean;
  /** A load that takes longer is ended; absent, the loader's own deadline is in force. */
  deadlineMs?: number;
}

/** What the catalog needs of the loader and of the cache on disk. */
export interface CatalogParts {
  /**
   * Loads a source into a new snapshot, published on disk and opened. Gives `previous` back where the source says that it is the
   * same still.
   */
  load(source: DatasetSource, options: LoadOptions): Promise<Snapshot>;
  /** The newest intact snapshot of the source on disk, whatever its files are by now; undefined where there is none. */
  reopen(source: DatasetSource): Promise<Snapshot | undefined>;
  /** All intact snapshots of the source on disk, newest first, whatever its files are by now. */
  kept(source: DatasetSource): Promise<Snapshot[]>;
  /** The copy that was kept of the newest rows of a pulled source, where their snapshot cannot be opened or is the `damaged` one. */
  lostCopy(source: DatasetSource, damaged?: Snapshot): Promise<PulledCopy | undefined>;
  /** Deletes a damaged snapshot from disk, where it is ours to delete. */
  remove(snapshot: Snapshot): Promise<void>;
  /** What the source is made of now; rejects where a file is missing. */
  fingerprint(source: DatasetSource): Promise<SourceFingerprint>;
}
