import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { HalftoneError } from '../errors.js';
import type { FileFingerprint } from '../snapshots/manifest.js';

/** Looks at the files before they are read; refuses what is missing, empty or no file. */
export async function statFiles(files: readonly string[]): Promise<FileFingerprint[]> {
  return Promise.all(files.map(statFile));
}

/** Refuses files that changed since `before`: what was read of them may be a mix of old and new rows. */
export async function checkUnchanged(before: readonly FileFingerprint[]): Promise<void> {
  const after = await statFiles(before.map(({ path }) => path));
  before.forEach((file, i) => {
    const { size, mtimeNs, ino } = after[i]!;
    if (size === file.size && mtimeNs === file.mtimeNs && ino === file.ino) return;
    const name = basename(file.path);
    throw new HalftoneError('SOURCE_CHANGED', `${name} changed while it was being read.`, {
      file: name,
      hint: 'Write to another name first and rename it over the old one when it is complete.',
    });
  });
}

async function statFile(path: string): Promise<FileFingerprint> {
  const name = basename(path);
  const found = await stat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      throw new HalftoneError('SOURCE_MISSING', `There is no file ${path}.`, { file: name });
    }
    throw new HalftoneError('SOURCE_UNREADABLE', `${path} cannot be read: ${error.message}.`, {
      file: name,
      cause: error,
    });
  });
  if (!found.isFile()) {
    throw new HalftoneError('SOURCE_UNREADABLE', `${path} is not a file.`, { file: name });
  }
  if (found.size === 0n) {
    throw new HalftoneError('SOURCE_EMPTY', `${name} is empty: it holds 0 bytes.`, { file: name });
  }
  return {
    path,
    size: Number(found.size),
    mtimeNs: String(found.mtimeNs),
    ino: String(found.ino),
  };
}
