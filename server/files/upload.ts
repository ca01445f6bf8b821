import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HalftoneError } from '../errors.js';
import { PARTIAL_ENDING } from './upload-folder.js';

/** A file name takes at most 255 bytes on the usual file systems; some are left for our own endings. */
const MAX_NAME_BYTES = 200;

/**
 * Writes a stream into `<dir>/<id>/<name>` and gives the path. A stream that breaks off leaves nothing behind.
 * The name is what a stranger sent: anything but a plain base name is refused.
 */
export async function saveUpload(
  content: Readable,
  { dir, id, name }: { dir: string; id: string; name: string },
): Promise<string> {
  checkName(name);
  const folder = join(dir, id);
  const partial = join(folder, `${name}${PARTIAL_ENDING}`);
  const path = join(folder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await pipeline(content, createWriteStream(partial, { flags: 'wx', mode: 0o600 }));
    await rename(partial, path);
    return path;
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new HalftoneError('DISK_FULL', `The disk is full: "${name}" could not be kept.`, {
        cause,
      });
    }
    if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'ABORT_ERR') {
      throw new HalftoneError('CANCELLED', `The upload of "${name}" broke off.`, { cause });
    }
    throw cause;
  }
}

function checkName(name: string): void {
  // Separators, NUL and other control characters, and what Windows does not allow.
  // oxlint-disable-next-line no-control-regex
  const isOdd = /[\u0000-\u001f\u007f/\\:*?"<>|]/u.test(name) || /^\.|[. ]$/u.test(name);
  if (!isOdd && name !== '' && Buffer.byteLength(name) <= MAX_NAME_BYTES) return;
  throw new HalftoneError(
    'QUERY_INVALID',
    `${JSON.stringify(name)} cannot be the name of a file.`,
    {
      field: 'name',
      hint: `A name has no separators or control characters and at most ${MAX_NAME_BYTES} bytes.`,
    },
  );
}
