import type { Progress } from '../../protocol/progress.js';
import type { DatasetSource } from '../loader/source.js';
import type { Snapshot, SourceFingerprint } from '../snapshots/manifest.js';

/** What the catalog needs of the loader and of the cache on disk. */
export interface CatalogParts {
  /** Loads a source into a new snapshot, published on disk and opened. */
  load(
    source: DatasetSource,
    options: { onProgress: (progress: Progress) => void; signal: AbortSignal },
  ): Promise<Snapshot>;
  /** The newest intact snapshot of the source on disk, whatever its files are by now; undefined where there is none. */
  reopen(source: DatasetSource): Promise<Snapshot | undefined>;
  /** Deletes a damaged snapshot from disk, where it is ours to delete. */
  remove(snapshot: Snapshot): Promise<void>;
  /** What the source is made of now; rejects where a file is missing. */
  fingerprint(source: DatasetSource): Promise<SourceFingerprint>;
}
