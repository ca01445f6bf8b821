import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that somebody dropped on the page: `<cache folder>/uploads/<id>/<name>`. */
export interface Upload {
  name: string;
  /** Absolute. */
  path: string;
  bytes: number;
  /** ISO 8601. */
  createdAt: string;
}

/** What an upload that is under way is called beside its name. */
export const PARTIAL_ENDING = '.partial';

/** An upload to which nothing came for so long has broken off: its server is gone. */
const SILENCE_MS = 10 * 60 * 1000;

/** The folder of the uploads in a cache folder. */
export function uploadFolder(cacheDir: string): string {
  return join(cacheDir, 'uploads');
}

/** The uploads in a cache folder that are complete. */
export async function listUploads(cacheDir: string): Promise<Upload[]> {
  const found = await filesOf(cacheDir);
  return found.filter(({ name }) => !name.endsWith(PARTIAL_ENDING));
}

/** Deletes the uploads that are meant. Returns the bytes freed. */
export async function removeUploads(
  cacheDir: string,
  isMeant: (upload: Upload) => boolean,
): Promise<number> {
  let freed = 0;
  for (const upload of await filesOf(cacheDir)) {
    if (!isMeant(upload)) continue;
    await remove(upload);
    freed += upload.bytes;
  }
  return freed;
}

/** Deletes what uploads have left that broke off with their server. `nowMs` is compared with the times of files. */
export async function sweepUploads(cacheDir: string, nowMs: number): Promise<void> {
  await removeUploads(
    cacheDir,
    ({ name, createdAt }) =>
      name.endsWith(PARTIAL_ENDING) && nowMs - Date.parse(createdAt) > SILENCE_MS,
  );
}

async function filesOf(cacheDir: string): Promise<Upload[]> {
  const root = uploadFolder(cacheDir);
  const uploads: Upload[] = [];
  for (const id of await namesIn(root)) {
    for (const name of await namesIn(join(root, id))) {
      const path = join(root, id, name);
      const { size, mtime } = await stat(path);
      uploads.push({ name, path, bytes: size, createdAt: mtime.toISOString() });
    }
  }
  return uploads;
}

async function remove({ path }: Upload): Promise<void> {
  await rm(path, { force: true });
  await rmdir(join(path, '..')).catch(() => undefined);
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
