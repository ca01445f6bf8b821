import type { Loader } from '../loader/loader.js';
import type { DatasetSource } from '../loader/source.js';
import { fingerprintSource } from '../snapshots/fingerprint.js';
import type { Snapshot } from '../snapshots/manifest.js';
import type { SnapshotStore } from '../snapshots/store.js';
import type { CatalogParts } from './parts.js';

/**
 * Loads sources into `own`, the store that this process writes, and finds what is on disk there or in `shared`, which
 * another process may be writing.
 */
export function createLoading(
  loader: Pick<Loader, 'load'>,
  { own, shared }: { own: SnapshotStore; shared: SnapshotStore },
): CatalogParts {
  return {
    fingerprint: fingerprintSource,
    async reopen(source) {
      const [mine] = await own.snapshots(source);
      if (mine !== undefined || own === shared) return mine && underName(mine, source);
      const [theirs] = await shared.snapshots(source);
      return theirs && underName(theirs, source);
    },
    async load(source, { onProgress, signal }) {
      const draft = await own.begin(source);
      const { dir, id, sequence, createdAt, fingerprint } = draft;
      try {
        const manifest = await loader.load(source, {
          dir,
          id,
          sequence,
          createdAt,
          fingerprint,
          dataset: source.name,
          onProgress,
          signal,
        });
        signal.throwIfAborted();
        return await draft.publish(manifest);
      } catch (error) {
        await draft.discard();
        throw error;
      }
    },
  };
}

// Another run may have called the same files otherwise.
function underName(snapshot: Snapshot, { name }: DatasetSource): Snapshot {
  if (snapshot.manifest.dataset === name) return snapshot;
  return { ...snapshot, manifest: { ...snapshot.manifest, dataset: name } };
}
