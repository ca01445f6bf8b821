import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bytesBelow,
  CURRENT_FILE,
  foldersIn,
  listSnapshots,
  namesIn,
  readable,
  readableName,
  type StoredSnapshot,
} from './source-folder.js';

/** Removes what writers have left that did not come to their end. Only who holds the lease may. */
export async function sweep(root: string): Promise<void> {
  await removePartials(root);
  for (const name of await foldersIn(root)) {
    await removePartials(join(root, name));
    await removeIfEmpty(join(root, name));
  }
}

/**
 * Deletes the snapshots of one dataset, or of all, damaged ones too. Returns the bytes freed. Only who holds the lease
 * may.
 */
export async function clearSnapshots(root: string, dataset: string | undefined): Promise<number> {
  let bytes = 0;
  const counted = new Set<number>();
  for (const name of await foldersIn(root)) {
    const folder = join(root, name);
    const stored = await listSnapshots(folder);
    if (dataset !== undefined && !belongsTo(name, stored, dataset)) continue;
    for (const { dir } of stored) {
      bytes += await bytesBelow(dir, counted);
      await rm(dir, { recursive: true, force: true });
    }
    await removeIfEmpty(folder);
  }
  return bytes;
}

/** Whether a folder holds the snapshots of a dataset; where all are damaged, its name is all that tells. */
function belongsTo(folder: string, stored: readonly StoredSnapshot[], dataset: string): boolean {
  const names = stored.flatMap(({ snapshot }) => snapshot?.manifest.dataset ?? []);
  return names.length > 0 ? names.includes(dataset) : readableName(folder) === readable(dataset);
}

async function removePartials(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (name.includes('.partial-')) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Removes the folder of a source that holds no snapshot and no draft of one. */
async function removeIfEmpty(folder: string): Promise<void> {
  const names = await namesIn(folder);
  if (names.some((name) => name !== CURRENT_FILE)) return;
  await rm(join(folder, CURRENT_FILE), { force: true });
  // Where a load has begun in it meanwhile, it stays.
  await rmdir(folder).catch(() => undefined);
}
