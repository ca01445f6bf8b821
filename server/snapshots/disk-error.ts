import { HalftoneError } from '../errors.js';

/**
 * Tells what people can mend from other failures to write to the cache folder `dir`: a full disk, and a folder that
 * cannot be written. A load's own words for a full disk get the folder's name.
 */
export function explainDiskError(error: unknown, dir: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
    case 'DISK_FULL':
      return /EFBIG|file too large/i.test(message)
        ? new HalftoneError(
            'DISK_FULL',
            `A file in the cache folder "${dir}" would be larger than its disk or this process may have.`,
            {
              hint: 'Raise the limit (ulimit -f), or name another folder with --cache-dir.',
              cause: error,
            },
          )
        : new HalftoneError('DISK_FULL', `The disk of the cache folder "${dir}" is full.`, {
            hint: 'Free some space (halftone cache clear), or name another folder with --cache-dir.',
            cause: error,
          });
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new HalftoneError(
        'CACHE_UNWRITABLE',
        `The cache folder "${dir}" cannot be written: ${message}.`,
        {
          hint: 'Give this user the right to, or name another folder with --cache-dir.',
          cause: error,
        },
      );
    default:
      return error;
  }
}
