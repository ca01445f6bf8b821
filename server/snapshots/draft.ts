import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Keep } from '../../protocol/schedule.js';
import type { DatasetSource } from '../loader/source.js';
import { explainDiskError } from './disk-error.js';
import { replaceFile, syncFolder, writeDurably } from './durable.js';
import { fingerprintSource, snapshotId } from './fingerprint.js';
import { MANIFEST_FILE, type Manifest, type Snapshot, type SourceFingerprint } from './manifest.js';
import { openSnapshot, writeManifest } from './open-snapshot.js';
import {
  CURRENT_FILE,
  folderNameOf,
  lastSequence,
  prune,
  type Retention,
} from './source-folder.js';

/** A snapshot that is being made, in a folder of its own that no reader looks at. */
export interface Draft {
  readonly id: string;
  readonly dir: string;
  readonly sequence: number;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly fingerprint: SourceFingerprint;
  /** Makes it the newest snapshot of its source: durable once this resolves, invisible if it never does. */
  publish(manifest: Manifest): Promise<Snapshot>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

export interface DraftOptions {
  /** The cache folder, for sentences. */
  dir: string;
  /** The folder that the sources' folders lie in. */
  root: string;
  keep: Keep;
  isInUse: Retention['isInUse'];
  now: () => Date;
  /** Throws where the folder is not ours to write any more. */
  claim: () => void;
}

/** Starts a snapshot of a source. The caller holds the lease of the folder. */
export async function beginDraft(
  source: DatasetSource,
  { dir, root, keep, isInUse, now, claim }: DraftOptions,
): Promise<Draft> {
  const fingerprint = await fingerprintSource(source);
  const createdAt = now().toISOString();
  const folder = join(root, folderNameOf(source));
  const id = snapshotId(createdAt, fingerprint);
  const partial = join(folder, `${id}.partial-${process.pid}`);
  const sequence = 1 + (await lastSequence(folder));
  try {
    for (const made of [folder, partial]) await makeFolder(made);
  } catch (error) {
    throw explainDiskError(error, dir);
  }
  return {
    id,
    dir: partial,
    sequence,
    createdAt,
    fingerprint,
    publish: async (manifest) => {
      claim();
      try {
        await publish(folder, partial, manifest);
      } catch (error) {
        throw explainDiskError(error, dir);
      }
      const snapshot = await openSnapshot(join(folder, id));
      // An old snapshot that cannot be removed now is tried again with the next one.
      await prune(folder, { keep, isInUse, now: now() }).catch(() => undefined);
      return snapshot;
    },
    discard: async () => {
      await rm(partial, { recursive: true, force: true });
      // The first load of a source leaves no empty folder behind.
      await rmdir(folder).catch(() => undefined);
    },
  };
}

/** Makes one folder where there is none. With `recursive` a read-only disk would be reported as ENOENT. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Moves a finished folder to its place, each step on the disk before the next. A process that ends between two of them
 * leaves the old snapshot or the new one, whole; one that fails leaves the old.
 */
async function publish(folder: string, partial: string, manifest: Manifest): Promise<void> {
  const place = join(folder, manifest.id);
  try {
    await writeDurably(join(partial, MANIFEST_FILE), writeManifest(manifest));
    await syncFolder(partial);
    await rename(partial, place);
    await syncFolder(folder);
    // The folder itself may be new.
    await syncFolder(dirname(folder));
    await replaceFile(join(folder, CURRENT_FILE), `${manifest.id}\n`);
  } catch (error) {
    // What the system could not flush may be lost even where a second try succeeds.
    for (const dir of [partial, place]) await rm(dir, { recursive: true, force: true });
    throw error;
  }
}
