import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_KEEP } from '../../protocol/schedule.js';
import { HalftoneError } from '../errors.js';
import type { DatasetSource } from '../loader/source.js';
import { explainDiskError } from './disk-error.js';
import { beginDraft, type Draft } from './draft.js';
import { createFolderLease } from './folder-lease.js';
import type { Snapshot } from './manifest.js';
import type { PulledCopy } from './pulled-copy.js';
import {
  folderNameOf,
  foldersIn,
  listSnapshots,
  lostCopyIn,
  readable,
  readableName,
  type StoredSnapshot,
} from './source-folder.js';
import { clearSnapshots, sweep } from './sweep.js';

/** The snapshots on disk. One process writes; others may read, and write when that one is gone. */
export interface SnapshotStore {
  readonly dir: string;
  /** False where another process holds the folder, it cannot be written, or read-only was asked for. */
  readonly writable: boolean;
  /** The intact snapshots of a source, newest first, whatever its files are by now. */
  snapshots(source: DatasetSource): Promise<Snapshot[]>;
  /** The copy that was kept of a source's newest rows, where their snapshot cannot be opened or is the `damaged` one. */
  lostCopy(source: DatasetSource, damaged?: Snapshot): Promise<PulledCopy | undefined>;
  /** Starts a snapshot. Rejects with CACHE_LOCKED where another process writes the folder. */
  begin(source: DatasetSource): Promise<Draft>;
  /** Everything that lies in the folder. */
  list(): Promise<StoredSnapshot[]>;
  /** Deletes snapshots: all, or those of one dataset. Returns the bytes freed. */
  clear(dataset?: string): Promise<number>;
  /**
   * Deletes snapshots that were made of the same source before it hid some of their columns: what is hidden must not lie on the disk.
   * Where another process writes the folder they stay.
   */
  removeExposed(source: DatasetSource): Promise<void>;
  /** Deletes one snapshot, where the folder is ours to write. */
  remove(snapshot: Snapshot): Promise<void>;
  close(): void;
}

export interface StoreOptions {
  dir: string;
  readOnly?: boolean;
  /** True of a snapshot, by its folder, that somebody is answered from: it is not removed by a newer one. */
  isInUse?: (dir: string) => boolean;
  now: () => Date;
}

/** The layout of the folder, above the format of a snapshot: raised when folders move. */
export const LAYOUT = 'v1';

/** Opens the cache folder, takes its lease where it can, and removes what unfinished loads have left. */
export async function openStore({
  dir,
  readOnly = false,
  isInUse = () => false,
  now,
}: StoreOptions): Promise<SnapshotStore> {
  const root = join(dir, LAYOUT);
  const lease = readOnly ? undefined : createFolderLease(root);

  function mayWrite(): boolean {
    try {
      return lease?.hold() ?? false;
    } catch {
      // A disk that is full or read-only: what is on it can be served. The next load says what is wrong.
      return false;
    }
  }

  function claim(): void {
    let isHeld: boolean;
    try {
      isHeld = lease?.hold() ?? false;
    } catch (error) {
      throw explainDiskError(error, dir);
    }
    if (isHeld) return;
    throw new HalftoneError(
      'CACHE_LOCKED',
      `Another process writes to the cache folder "${dir}".`,
      {
        hint: 'Stop it, or name another folder with --cache-dir.',
      },
    );
  }

  // What cannot be removed is no reason not to start.
  if (mayWrite()) await sweep(root).catch(() => undefined);
  return {
    dir,
    get writable() {
      return mayWrite();
    },
    snapshots: async (source) => {
      const stored = await listSnapshots(join(root, folderNameOf(source)));
      return stored.flatMap(({ snapshot }) => snapshot ?? []);
    },
    lostCopy: (source, damaged) => lostCopyIn(join(root, folderNameOf(source)), damaged),
    begin: async (source) => {
      claim();
      const keep = source.schedule?.keep ?? DEFAULT_KEEP;
      return beginDraft(source, { dir, root, keep, isInUse, now, claim });
    },
    list: async () => {
      const stored: StoredSnapshot[] = [];
      // One after the other: thousands of folders at once would be too many open files.
      for (const name of await foldersIn(root))
        stored.push(...(await listSnapshots(join(root, name))));
      return stored;
    },
    clear: async (dataset) => {
      claim();
      return clearSnapshots(root, dataset);
    },
    removeExposed: async (source) => {
      if (source.hide === undefined || !mayWrite()) return;
      for (const name of await foldersIn(root)) {
        if (readableName(name) !== readable(source.name)) continue;
        const stored = await listSnapshots(join(root, name));
        const exposed = stored.filter(({ snapshot }) => snapshot && exposes(snapshot, source));
        for (const { dir } of exposed) await rm(dir, { recursive: true, force: true });
      }
    },
    remove: async (snapshot) => {
      if (mayWrite()) await rm(snapshot.dir, { recursive: true, force: true });
    },
    close: () => lease?.release(),
  };
}

/** A snapshot of the same name, with a file or the kind in common, that holds a column which is hidden by now. */
function exposes({ manifest }: Snapshot, { name, hide = [], kind, files }: DatasetSource): boolean {
  if (manifest.dataset !== name) return false;
  const { source, columns } = manifest;
  const isOne =
    source.files.some(({ path }) => files.includes(path)) ||
    (files.length === 0 && source.kind === kind);
  return isOne && columns.some(({ info }) => hide.includes(info.name));
}
