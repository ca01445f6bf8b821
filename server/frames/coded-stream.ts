import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import type { Coding } from '../http/coding.js';
import { BROTLI_QUALITY, GZIP_LEVEL } from './compress.js';

/**
 * Codes an answer that comes in parts, outside of the main thread, as one stream for all of it: what a browser decodes
 * by itself. After each part everything is handed on, so that no part waits for the next.
 */
export async function* codedStream(
  parts: AsyncIterable<readonly Buffer[]>,
  coding: Exclude<Coding, 'identity'>,
): AsyncGenerator<Buffer, void> {
  const coder =
    coding === 'gzip'
      ? createGzip({ level: GZIP_LEVEL })
      : createBrotliCompress({
          params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY },
        });
  const done: Buffer[] = [];
  coder.on('data', (bytes: Buffer) => done.push(bytes));
  const failed = new Promise<never>((_resolve, reject) => coder.on('error', reject));
  // Whoever waits for a flush hears of it.
  failed.catch(() => undefined);
  const ended = new Promise<void>((resolve) => coder.on('end', resolve));
  try {
    for await (const pieces of parts) {
      for (const piece of pieces) coder.write(piece);
      const flushed = new Promise<void>((resolve) => coder.flush(resolve));
      await Promise.race([flushed, failed]);
      yield* done.splice(0);
    }
    coder.end();
    await Promise.race([ended, failed]);
    yield* done.splice(0);
  } finally {
    coder.destroy();
  }
}
