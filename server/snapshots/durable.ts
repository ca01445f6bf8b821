import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HalftoneError } from '../errors.js';

/**
 * Replaces a file so that after a crash either the old or the new content is there, whole: written beside it, flushed,
 * renamed over it, and the folder flushed ("All file systems are not created equal", OSDI 2014).
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.partial-${process.pid}`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder, and needs no such flush.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Tells a full disk from other failures: the one that people can mend. */
export function explainDiskError(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new HalftoneError('DISK_FULL', `The disk of the cache folder "${path}" is full.`, {
    hint: 'Free some space (halftone cache clear), or name another folder with --cache-dir.',
    cause: error,
  });
}
