import { opendir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import {
  expandPath,
  folderOf,
  globOf,
  globOptions,
  isDataFile,
  isFolderOfData,
  refuseUnreadable,
  type ExpandedPath,
} from './expand-path.js';

/** As `expandPath`, for looks that come again and again: while a disk is read, others have the thread. */
export async function lookThrough(path: string, cwd: string): Promise<ExpandedPath> {
  const full = resolve(cwd, path);
  const found = await stat(full).catch(() => undefined);
  if (found?.isDirectory() === true) {
    refuseUnreadable(path, full);
    return folderOf(path, full, await dataFilesBelow(full));
  }
  if (found === undefined && isDynamicPattern(path))
    return globOf(path, cwd, await glob(path, globOptions(cwd)));
  return expandPath(path, cwd);
}

/** Entries that are read at a time. */
const ENTRIES = 256;

async function dataFilesBelow(folder: string, found: string[] = []): Promise<string[]> {
  for await (const entry of await opendir(folder, { bufferSize: ENTRIES })) {
    const path = join(folder, entry.name);
    if (isFolderOfData(entry)) await dataFilesBelow(path, found);
    else if (isDataFile(entry, path)) found.push(path);
  }
  return found;
}
