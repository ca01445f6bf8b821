import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { HalftoneError } from '../../../errors.js';
import type { PullContext } from '../../context.js';
import { publicUrl } from '../../public-options.js';
import type { Answer } from './request.js';

/** Writes the body of an answer to a file, unpacked. Rejects where it is cut off, or has more than `maxBytes`. */
export async function saveBody(
  { url, response }: Answer,
  path: string,
  maxBytes: number,
  { signal, onProgress }: Pick<PullContext, 'signal' | 'onProgress'>,
): Promise<void> {
  const { 'content-encoding': coding = 'identity', 'content-length': length } = response.headers;
  const bytesTotal = length === undefined ? undefined : Number(length);
  let received = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length;
      onProgress({
        stage: 'reading',
        rows: 0,
        bytes: received,
        ...(bytesTotal === undefined ? {} : { bytesTotal }),
      });
      done(null, chunk);
    },
  });
  let written = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      written += chunk.length;
      done(written > maxBytes ? tooLarge(url, maxBytes) : null, chunk);
    },
  });
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  if (bytesTotal !== undefined && bytesTotal > maxBytes) {
    response.destroy();
    throw tooLarge(url, maxBytes);
  }
  try {
    if (/^(?:x-)?gzip$/iu.test(coding)) {
      await pipeline(response, counted, createGunzip(), limited, file, { signal });
    } else if (coding === 'identity') await pipeline(response, counted, limited, file, { signal });
    else throw unknownCoding(url, coding);
  } catch (error) {
    if (error instanceof HalftoneError || signal.aborted) throw error;
    throw explain(url, error as NodeJS.ErrnoException, received, bytesTotal);
  }
  // Node says so too; a body of another length must not pass even if it once does not.
  if (bytesTotal !== undefined && received !== bytesTotal) throw cutOff(url, received, bytesTotal);
}

function explain(
  url: URL,
  error: NodeJS.ErrnoException,
  received: number,
  bytesTotal: number | undefined,
): Error {
  if (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return cutOff(url, received, bytesTotal);
  }
  if (error.code === 'Z_BUF_ERROR') return cutOff(url, received, undefined);
  if (!/^(?:Z_|HPE_)/u.test(error.code ?? '')) return error;
  return new HalftoneError(
    'SOURCE_CORRUPT',
    `What ${publicUrl(url.href)} sent is damaged: ${error.message}.`,
    { cause: error },
  );
}

function cutOff(url: URL, received: number, total: number | undefined): HalftoneError {
  const of = total === undefined ? '' : ` of ${total}`;
  return new HalftoneError(
    'SOURCE_TRUNCATED',
    `${publicUrl(url.href)} ended after ${received}${of} bytes, in the middle of its data.`,
    { hint: 'Nothing was published. Try again.' },
  );
}

function tooLarge(url: URL, maxBytes: number): HalftoneError {
  return new HalftoneError(
    'SOURCE_TOO_LARGE',
    `${publicUrl(url.href)} has more than ${maxBytes} bytes.`,
    { hint: 'Raise maxBytes of the dataset, if it is meant to be as large.' },
  );
}

function unknownCoding(url: URL, coding: string): HalftoneError {
  return new HalftoneError(
    'SOURCE_KIND_UNKNOWN',
    `${publicUrl(url.href)} is packed with "${coding}", which it was not asked for.`,
    { hint: 'Serve it plain, or packed with gzip.' },
  );
}
