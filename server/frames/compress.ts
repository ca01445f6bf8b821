import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Coding } from '../http/coding.js';

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

/** Below this, the headers weigh more than what is saved. */
export const MIN_CODED_BYTES = 1024;

/**
 * Codes bytes outside of the main thread. Brotli's quality is 5: see docs/reference/http.md for the bytes and
 * times that were measured; a frame is coded once and then sent to every reader.
 */
export async function compress(
  bytes: Uint8Array,
  coding: Exclude<Coding, 'identity'>,
): Promise<Buffer> {
  if (coding === 'gzip') return gzipAsync(bytes, { level: 6 });
  return brotliAsync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 5,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
    },
  });
}
