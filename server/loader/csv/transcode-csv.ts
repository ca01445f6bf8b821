import { closeSync, createReadStream, createWriteStream, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { HalftoneError } from '../../errors.js';

export interface TranscodeOptions {
  gzip: boolean;
  /** A WHATWG label. */
  encoding: string;
  signal: AbortSignal;
  /** Called with the bytes of the source that were read so far. */
  onBytes?: ((bytes: number) => void) | undefined;
}

/** What a gzip file may unpack to before it is taken for a bomb: gzip itself ends at about a thousandfold. */
const MAX_EXPANSION = 400;
const MAX_UNPACKED_BYTES = 64 * 2 ** 30;

/** Writes a file unpacked and as UTF-8 to `target`. A damaged or cut off gzip file is refused. */
export async function transcodeCsv(
  path: string,
  target: string,
  { gzip, encoding, signal, onBytes }: TranscodeOptions,
): Promise<void> {
  const file = basename(path);
  const input = createReadStream(path, { highWaterMark: 1 << 20 });
  let read = 0;
  input.on('data', (chunk) => onBytes?.((read += chunk.length)));
  const steps: Transform[] = [];
  if (gzip)
    steps.push(
      createGunzip({ chunkSize: 1 << 20 }),
      expansionGuard(file, () => read),
    );
  if (encoding !== 'utf-8') steps.push(toUtf8(encoding));
  try {
    await pipeline([input, ...steps, createWriteStream(target)], { signal });
  } catch (cause) {
    throw asRefusal(cause, file);
  }
}

/** The encoding to read a file with that begins as UTF-8 and then is not: Windows-1252, unless most of it is UTF-8. */
export function fallbackEncoding(path: string): 'utf-8-damaged' | 'windows-1252' {
  const fd = openSync(path, 'r');
  try {
    const decoder = new TextDecoder();
    const chunk = Buffer.alloc(1 << 20);
    let wrong = 0;
    let right = 0;
    for (;;) {
      const got = readSync(fd, chunk);
      for (const sign of decoder.decode(chunk.subarray(0, got), { stream: got > 0 })) {
        if (sign === '\uFFFD') wrong++;
        else if (sign > '\x7f') right++;
      }
      if (got === 0) return right > wrong ? 'utf-8-damaged' : 'windows-1252';
    }
  } finally {
    closeSync(fd);
  }
}

function toUtf8(label: string): Transform {
  const decoder = new TextDecoder(label === 'utf-8-damaged' ? 'utf-8' : label);
  return new Transform({
    transform(chunk: Buffer, _, done: TransformCallback) {
      done(null, Buffer.from(decoder.decode(chunk, { stream: true })));
    },
    flush(done) {
      done(null, Buffer.from(decoder.decode()));
    },
  });
}

function expansionGuard(file: string, bytesRead: () => number): Transform {
  let unpacked = 0;
  return new Transform({
    transform(chunk: Buffer, _, done: TransformCallback) {
      unpacked += chunk.length;
      const most = Math.min(MAX_UNPACKED_BYTES, Math.max(2 ** 30, bytesRead() * MAX_EXPANSION));
      if (unpacked <= most) return done(null, chunk);
      const gigabytes = (unpacked / 2 ** 30).toFixed(1);
      done(
        new HalftoneError(
          'SOURCE_INVALID',
          `${file} unpacks to more than ${gigabytes} GB, far more than such a file should.`,
          { file, hint: 'Unpack it yourself and load what you find.' },
        ),
      );
    },
  });
}

function asRefusal(cause: unknown, file: string): unknown {
  if (cause instanceof HalftoneError) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') {
    return new HalftoneError(
      'SOURCE_TRUNCATED',
      `${file} is cut off: its gzip data end too early.`,
      {
        file,
        hint: 'Copy or download it again.',
        cause,
      },
    );
  }
  if (code === 'Z_DATA_ERROR') {
    return new HalftoneError(
      'SOURCE_CORRUPT',
      `${file} is damaged: its gzip data cannot be unpacked.`,
      {
        file,
        hint: 'Copy or download it again.',
        cause,
      },
    );
  }
  if (code === 'ENOSPC') {
    return new HalftoneError('DISK_FULL', `There is no room on the disk to unpack ${file}.`, {
      file,
      hint: 'Free some space, or put the cache elsewhere with --cache-dir.',
      cause,
    });
  }
  return cause;
}
