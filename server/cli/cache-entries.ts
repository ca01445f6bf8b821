import { basename, dirname } from 'node:path';
import { listUploads, type Upload } from '../files/upload-folder.js';
import { bytesBelow, readableName, type StoredSnapshot } from '../snapshots/source-folder.js';
import type { SnapshotStore } from '../snapshots/store.js';
import { formatBytes } from './byte-size.js';
import { printable } from './printable.js';
import { layOutTable } from './table.js';

/** One snapshot or upload, as `--json` tells it. */
export interface CacheEntry {
  kind: 'snapshot' | 'upload';
  dataset: string;
  snapshot: string;
  rows: number;
  bytes: number;
  createdAt: string | null;
  files: string[];
  dir: string;
  error: string | null;
}

/** Everything in a cache folder: snapshots, then uploads. */
export async function entriesOf(store: SnapshotStore): Promise<CacheEntry[]> {
  const [snapshots, uploads] = await Promise.all([store.list(), listUploads(store.dir)]);
  return [...(await Promise.all(snapshots.map(tell))), ...uploads.map(tellUpload)];
}

/** One snapshot, intact or not. */
export async function tell({ dir, snapshot, error }: StoredSnapshot): Promise<CacheEntry> {
  const manifest = snapshot?.manifest;
  return {
    kind: 'snapshot',
    // Of what cannot be opened the names of its folders tell.
    dataset: manifest?.dataset ?? readableName(basename(dirname(dir))),
    snapshot: manifest?.id ?? basename(dir),
    rows: manifest?.rows ?? 0,
    bytes: await bytesBelow(dir).catch(() => 0),
    createdAt: manifest?.createdAt ?? null,
    files: manifest?.source.files.map(({ path }) => path) ?? [],
    dir,
    error: error?.message ?? null,
  };
}

function tellUpload({ name, path, bytes, createdAt }: Upload): CacheEntry {
  const nothing = { snapshot: '', rows: 0, error: null };
  return {
    kind: 'upload',
    dataset: name,
    bytes,
    createdAt,
    files: [path],
    dir: dirname(path),
    ...nothing,
  };
}

/** The entries as a table. */
export function listing(entries: readonly CacheEntry[]): string {
  if (entries.length === 0) return 'The cache is empty.\n';
  const rows = entries.map(({ kind, dataset, snapshot, rows, bytes, createdAt, error }) => [
    printable(dataset),
    kind === 'upload' ? '(uploaded file)' : snapshot,
    kind === 'upload' ? '' : rows.toLocaleString('en'),
    formatBytes(bytes),
    createdAt ?? '',
    error ?? '',
  ]);
  return layOutTable(
    [['dataset', 'snapshot', 'rows', 'bytes', 'created', ''], ...rows],
    new Set([2, 3]),
  );
}
