import { join } from 'node:path';
import { HalftoneError } from '../errors.js';
import { appendBase } from '../loader/append/append-base.js';
import type { Loader } from '../loader/loader.js';
import type { DatasetSource } from '../loader/source.js';
import { explainDiskError } from '../snapshots/disk-error.js';
import type { Draft } from '../snapshots/draft.js';
import { shareSegments } from '../snapshots/share-segments.js';
import { fingerprintSource, fingerprintText } from '../snapshots/fingerprint.js';
import type { Snapshot, SourceFingerprint, SourceVersion } from '../snapshots/manifest.js';
import { LAYOUT, type SnapshotStore } from '../snapshots/store.js';
import type { CatalogParts } from './parts.js';

/** Where snapshots are kept. */
export interface LoadingStores {
  /** The cache folder, which another process may be writing. */
  shared: SnapshotStore;
  /** A folder of this process alone, for what it loads while that is so. */
  aside: { open(): Promise<SnapshotStore>; readonly opened: SnapshotStore | undefined };
}

/** Loads sources into the store that this process may write, and finds what is on disk in any. */
export function createLoading(
  loader: Pick<Loader, 'load' | 'loadSince'>,
  { shared, aside }: LoadingStores,
): CatalogParts {
  const stores = (): SnapshotStore[] =>
    aside.opened === undefined ? [shared] : [shared, aside.opened];

  async function begin(source: DatasetSource): Promise<Draft> {
    try {
      return await shared.begin(source);
    } catch (error) {
      if (!(error instanceof HalftoneError) || error.code !== 'CACHE_LOCKED') throw error;
      return (await aside.open()).begin(source);
    }
  }

  async function kept(source: DatasetSource): Promise<Snapshot[]> {
    await Promise.all(stores().map((store) => store.removeExposed(source)));
    const found = await Promise.all(stores().map((store) => store.snapshots(source)));
    const newest = (list: readonly Snapshot[]): string => list[0]?.manifest.id ?? '';
    // Ids begin with their time. In one folder the newest is known for sure, also after a clock was set back.
    found.sort((a, b) => (newest(a) < newest(b) ? 1 : -1));
    return found.flat().map((snapshot) => underName(snapshot, source));
  }

  return {
    fingerprint: fingerprintSource,
    reopen: async (source) => (await kept(source))[0],
    kept,
    async lostCopy(source, damaged) {
      const found = await Promise.all(stores().map((store) => store.lostCopy(source, damaged)));
      return found.find((copy) => copy !== undefined);
    },
    async remove(snapshot) {
      const store = stores().find(({ dir }) => snapshot.dir.startsWith(join(dir, LAYOUT)));
      await store?.remove(snapshot);
    },
    async load(source, { previous, accept, ...options }) {
      const draft = await begin(source);
      const { dir, id, sequence, createdAt, fingerprint } = draft;
      const version = versionOf(previous, fingerprint);
      const found = version === undefined ? appendBase(previous, fingerprint) : undefined;
      if (found !== undefined && 'reason' in found)
        options.onLog?.(`The source was read whole: ${found.reason}.`);
      const base = found !== undefined && 'base' in found ? found.base : undefined;
      try {
        const target = {
          ...options,
          dir,
          id,
          sequence,
          createdAt,
          fingerprint,
          dataset: source.name,
          ...(base && { base: { id: previous!.manifest.id, of: base } }),
        };
        const manifest =
          version === undefined
            ? await loader.load(source, target)
            : await loader.loadSince(version, source, target);
        options.signal.throwIfAborted();
        if (manifest === undefined) {
          await draft.discard();
          return previous!;
        }
        accept?.(manifest);
        if (manifest.appendedTo !== undefined) await shareSegments(previous!, dir);
        return await draft.publish(manifest);
      } catch (error) {
        await draft.discard();
        throw explainDiskError(error, shared.dir);
      }
    },
  };
}

/** What the source called the newest snapshot, where that was made of the same source with the same options. */
function versionOf(
  previous: Snapshot | undefined,
  fingerprint: SourceFingerprint,
): SourceVersion | undefined {
  if (previous === undefined) return undefined;
  const isSame = fingerprintText(previous.manifest.source) === fingerprintText(fingerprint);
  return isSame ? previous.manifest.version : undefined;
}

// Another run may have called the same files otherwise.
function underName(snapshot: Snapshot, { name }: DatasetSource): Snapshot {
  if (snapshot.manifest.dataset === name) return snapshot;
  return { ...snapshot, manifest: { ...snapshot.manifest, dataset: name } };
}
