import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HalftoneError } from '../errors.js';
import type { DatasetSource } from '../loader/source.js';
import { explainDiskError, replaceFile, syncFolder } from './durable.js';
import { fingerprintSource, identityOf, sha256, snapshotId } from './fingerprint.js';
import { takeLease } from './folder-lease.js';
import { MANIFEST_FILE, type Manifest, type Snapshot, type SourceFingerprint } from './manifest.js';
import { openSnapshot, writeManifest } from './open-snapshot.js';

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

/** One snapshot's folder, intact or not. */
export interface StoredSnapshot {
  dir: string;
  snapshot?: Snapshot;
  /** Why it cannot be opened. */
  error?: Error;
}

/** The snapshots on disk. One process writes; others may read. */
export interface SnapshotStore {
  readonly dir: string;
  /** False where another process holds the folder, or read-only was asked for. */
  readonly writable: boolean;
  /** The intact snapshots of a source, newest first, whatever its files are by now. */
  snapshots(source: DatasetSource): Promise<Snapshot[]>;
  /** Starts a snapshot. Rejects with CACHE_LOCKED where the folder is not ours to write. */
  begin(source: DatasetSource): Promise<Draft>;
  /** Everything that lies in the folder. */
  list(): Promise<StoredSnapshot[]>;
  /** Deletes snapshots: all, or those of one dataset. Returns the bytes freed. */
  clear(dataset?: string): Promise<number>;
  close(): void;
}

export interface StoreOptions {
  dir: string;
  readOnly?: boolean;
  /** Snapshots of a source that stay: the newest, and those that readers may still name. */
  keep?: number;
  now: () => Date;
}

// The layout of the folder, above the format of a snapshot: raised when folders move.
const LAYOUT = 'v1';
const CURRENT_FILE = 'current';

/** Opens the cache folder, takes its lease where it can, and removes what unfinished loads have left. */
export async function openStore({
  dir,
  readOnly = false,
  keep = 2,
  now,
}: StoreOptions): Promise<SnapshotStore> {
  const root = join(dir, LAYOUT);
  const lease = readOnly ? undefined : takeLease(root);
  if (lease !== undefined) await sweep(root);

  async function begin(source: DatasetSource): Promise<Draft> {
    if (lease === undefined) {
      throw new HalftoneError(
        'CACHE_LOCKED',
        `Another process writes to the cache folder "${dir}".`,
        {
          hint: 'Stop it, or name another folder with --cache-dir.',
        },
      );
    }
    const fingerprint = await fingerprintSource(source);
    const createdAt = now().toISOString();
    const folder = join(root, folderOf(source));
    const id = snapshotId(createdAt, fingerprint);
    const partial = join(folder, `${id}.partial-${process.pid}`);
    const sequence = 1 + (await lastSequence(folder));
    await mkdir(partial, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw explainDiskError(error, dir);
    });
    return {
      id,
      dir: partial,
      sequence,
      createdAt,
      fingerprint,
      publish: async (manifest) => {
        try {
          await publish(folder, partial, manifest);
        } catch (error) {
          await rm(partial, { recursive: true, force: true });
          throw explainDiskError(error, dir);
        }
        const snapshot = await openSnapshot(join(folder, id));
        await prune(folder, keep);
        return snapshot;
      },
      discard: () => rm(partial, { recursive: true, force: true }),
    };
  }

  return {
    dir,
    writable: lease !== undefined,
    snapshots: async (source) => {
      const stored = await listFolder(join(root, folderOf(source)));
      return stored.flatMap(({ snapshot }) => (snapshot === undefined ? [] : [snapshot]));
    },
    begin,
    list: async () => {
      const folders = await namesIn(root);
      return (await Promise.all(folders.map((name) => listFolder(join(root, name))))).flat();
    },
    clear: async (dataset) => {
      if (lease === undefined) {
        throw new HalftoneError(
          'CACHE_LOCKED',
          `The cache folder "${dir}" is in use by another process.`,
          {
            hint: 'Stop it first, or clear through its own API.',
          },
        );
      }
      return clear(root, dataset);
    },
    close: () => lease?.release(),
  };
}

/** The folder of a source: readable, and unlike any other even where letter case does not count. */
function folderOf(source: DatasetSource): string {
  const readable = source.name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
  return `${readable}-${sha256(identityOf(source)).slice(0, 16)}`;
}

async function publish(folder: string, partial: string, manifest: Manifest): Promise<void> {
  const file = await open(join(partial, MANIFEST_FILE), 'w', 0o600);
  try {
    await file.writeFile(writeManifest(manifest));
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(partial);
  await rename(partial, join(folder, manifest.id));
  await syncFolder(folder);
  await replaceFile(join(folder, CURRENT_FILE), `${manifest.id}\n`);
}

/** The snapshots of one source, newest first; the one that `current` names before all others. */
async function listFolder(folder: string): Promise<StoredSnapshot[]> {
  const names = (await namesIn(folder)).filter(
    (name) => !name.includes('.') && name !== CURRENT_FILE,
  );
  const current = await readFile(join(folder, CURRENT_FILE), 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  // Ids begin with their time. A snapshot that was renamed into place is whole, pointer or not.
  names.sort((a, b) => Number(b === current) - Number(a === current) || (a < b ? 1 : -1));
  return Promise.all(
    names.map(async (name) => {
      const dir = join(folder, name);
      try {
        return { dir, snapshot: await openSnapshot(dir) };
      } catch (error) {
        return { dir, error: error as Error };
      }
    }),
  );
}

async function lastSequence(folder: string): Promise<number> {
  const stored = await listFolder(folder);
  return Math.max(0, ...stored.map(({ snapshot }) => snapshot?.manifest.sequence ?? 0));
}

async function prune(folder: string, keep: number): Promise<void> {
  const stored = await listFolder(folder);
  const intact = stored.filter(({ snapshot }) => snapshot !== undefined);
  const gone = [...intact.slice(keep), ...stored.filter(({ snapshot }) => snapshot === undefined)];
  for (const { dir } of gone) await rm(dir, { recursive: true, force: true });
}

async function clear(root: string, dataset: string | undefined): Promise<number> {
  let bytes = 0;
  for (const name of await namesIn(root)) {
    for (const { dir, snapshot } of await listFolder(join(root, name))) {
      if (dataset !== undefined && snapshot?.manifest.dataset !== dataset) continue;
      bytes += snapshot?.manifest.segments.reduce((sum, segment) => sum + segment.bytes, 0) ?? 0;
      await rm(dir, { recursive: true, force: true });
    }
    const left = await namesIn(join(root, name));
    if (left.every((entry) => entry === CURRENT_FILE))
      await rm(join(root, name), { recursive: true, force: true });
  }
  return bytes;
}

/** Removes the folders and files of writers that did not come to their end. Only who holds the lease may. */
async function sweep(root: string): Promise<void> {
  for (const name of await namesIn(root)) {
    for (const entry of await namesIn(join(root, name))) {
      if (entry.includes('.partial-'))
        await rm(join(root, name, entry), { recursive: true, force: true });
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
