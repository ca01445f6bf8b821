import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Coding } from '../http/coding.js';

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

/** Below this, the headers weigh more than what is saved. */
export const MIN_CODED_BYTES = 1024;

/** Beyond these, coding takes longer than most lines need for the bytes that it saves. */
export const BROTLI_QUALITY = 5;
/** The counts of a dense picture: 5 makes 1/20 fewer bytes of them than 2, in three times as long. */
export const DENSE_BROTLI_QUALITY = 2;
export const GZIP_LEVEL = 6;

/** Codes bytes outside of the main thread: a frame is coded once and then sent to every reader. */
export async function compress(
  bytes: Uint8Array,
  coding: Exclude<Coding, 'identity'>,
  brotliQuality = BROTLI_QUALITY,
): Promise<Buffer> {
  if (coding === 'gzip') return gzipAsync(bytes, { level: GZIP_LEVEL });
  return brotliAsync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
    },
  });
}
