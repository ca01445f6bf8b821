import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Keep } from '../../protocol/schedule.js';
import { HalftoneError } from '../errors.js';
import type { DatasetSource } from '../loader/source.js';
import { identityOf, sha256 } from './fingerprint.js';
import type { Snapshot } from './manifest.js';
import { openSnapshot } from './open-snapshot.js';
import { copyOf, type PulledCopy } from './pulled-copy.js';

/** The file beside the snapshots of a source that names the newest. */
export const CURRENT_FILE = 'current';

/** One snapshot's folder, intact or not. */
export interface StoredSnapshot {
  dir: string;
  snapshot?: Snapshot;
  /** Why it cannot be opened. */
  error?: Error;
}

/** The name of a source's folder: readable, and unlike any other even where letter case does not count. */
export function folderNameOf(source: DatasetSource): string {
  return `${readable(source.name)}-${sha256(identityOf(source)).slice(0, 16)}`;
}

/** The part of a folder's name that people read. */
export function readableName(folder: string): string {
  return folder.replace(/-[0-9a-f]{16}$/, '');
}

/** The name of a dataset as its folder begins. */
export function readable(dataset: string): string {
  return dataset
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40);
}

/** The snapshots of one source, newest first; the one that `current` names before all others. */
export async function listSnapshots(folder: string): Promise<StoredSnapshot[]> {
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

/**
 * The copy of the newest rows that were pulled into a folder, where their snapshot is lost: it cannot be opened, or is the
 * `damaged` one. Undefined where a sound snapshot is newer.
 */
export async function lostCopyIn(
  folder: string,
  damaged?: Snapshot,
): Promise<PulledCopy | undefined> {
  for (const { dir, snapshot } of await listSnapshots(folder)) {
    if (snapshot !== undefined && snapshot.manifest.id !== damaged?.manifest.id) return undefined;
    const copy = await copyOf({ dir });
    if (copy !== undefined) return copy;
  }
  return undefined;
}

/** The highest sequence number among the snapshots of a source; 0 without any. */
export async function lastSequence(folder: string): Promise<number> {
  const stored = await listSnapshots(folder);
  return Math.max(0, ...stored.map(({ snapshot }) => snapshot?.manifest.sequence ?? 0));
}

/** What decides over the snapshots of a source that are not the newest. */
export interface Retention {
  keep: Keep;
  now: Date;
  /** True of a snapshot, by its folder, that somebody is answered from. */
  isInUse: (dir: string) => boolean;
}

/**
 * Removes the snapshots of a source that are beyond what is kept: too many, too old, or too large together. The newest
 * stays, and one that is in use until a later call. What merely cannot be read now stays.
 */
export async function prune(folder: string, { keep, now, isInUse }: Retention): Promise<void> {
  const stored = await listSnapshots(folder);
  let kept = 0;
  let bytes = 0;
  const counted = new Set<number>();
  for (const { dir, snapshot, error } of stored) {
    if (snapshot === undefined) {
      if (error instanceof HalftoneError) await rm(dir, { recursive: true, force: true });
      continue;
    }
    const ageMs = now.getTime() - Date.parse(snapshot.manifest.createdAt);
    if (keep.bytes !== null) bytes += await bytesBelow(dir, counted);
    const isBeyond =
      kept >= keep.snapshots ||
      ageMs > (keep.ageMs ?? Infinity) ||
      bytes > (keep.bytes ?? Infinity);
    if (kept > 0 && isBeyond && !isInUse(dir))
      await rm(dir, { recursive: true, force: true, maxRetries: 3 });
    else kept++;
  }
}

/** The bytes of all files in a folder, but for those whose numbers are `counted` already: snapshots share files. */
export async function bytesBelow(folder: string, counted = new Set<number>()): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const stats = await Promise.all(
    files.map(({ parentPath, name }) => stat(join(parentPath, name))),
  );
  let bytes = 0;
  for (const { ino, size } of stats) {
    if (!counted.has(ino)) bytes += size;
    counted.add(ino);
  }
  return bytes;
}

/** The names in a folder; none where it is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

/** The names of the folders in a folder. */
export async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
