import { openSync, closeSync, readSync, fstatSync } from 'node:fs';
import { basename } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { HalftoneError } from '../../errors.js';
import { detectEncoding } from './encoding.js';

/** The first bytes of a file as UTF-8, unpacked and converted where needed. */
export interface TextSample {
  /** UTF-8 without a byte order mark. */
  bytes: Uint8Array;
  /** Nothing of the file is missing. */
  complete: boolean;
  gzip: boolean;
  /** A WHATWG label. */
  encoding: string;
  /** Bytes of the byte order mark, in the unpacked file. */
  bomBytes: number;
}

/** Some thousand records: enough to tell one misfit in a thousand, read and judged in some 50 ms. */
const SAMPLE_BYTES = 256 * 1024;
/** A header line may be longer than that. */
const LONG_SAMPLE_BYTES = 16 << 20;
/** Packed bytes give a thousandfold at most, so a bomb cannot take more than 64 MiB here. */
const PACKED_SAMPLE_BYTES = 64 * 1024;

/** Reads the first `most` bytes of a file (256 KiB), more where that holds no newline; of a gzip file, what its first 64 KiB hold. */
export function readSample(
  file: string,
  encoding?: string,
  most: number = SAMPLE_BYTES,
): TextSample {
  let { bytes: raw, size } = readHead(file, most);
  if (raw.length < size && !raw.includes(10) && !raw.includes(13)) {
    ({ bytes: raw, size } = readHead(file, LONG_SAMPLE_BYTES));
  }
  const gzip = isGzip(raw);
  let plain: Uint8Array = raw;
  let complete = raw.length === size;
  if (gzip) {
    const packed = raw.subarray(0, Math.min(most, PACKED_SAMPLE_BYTES));
    complete = packed.length === size;
    plain = unpackHead(packed, basename(file));
  }
  const found = detectEncoding(plain, complete);
  const label = encoding ?? found.label;
  const body = plain.subarray(found.bomBytes);
  return {
    bytes: label === 'utf-8' ? body : Buffer.from(decode(body, label), 'utf8'),
    complete,
    gzip,
    encoding: label,
    bomBytes: found.bomBytes,
  };
}

/** The first bytes of a file and its size. */
export function readHead(file: string, most: number): { bytes: Uint8Array; size: number } {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    const bytes = new Uint8Array(Math.min(size, most));
    let filled = 0;
    while (filled < bytes.length) {
      const got = readSync(fd, bytes, filled, bytes.length - filled, filled);
      if (got === 0) break;
      filled += got;
    }
    return { bytes: bytes.subarray(0, filled), size };
  } finally {
    closeSync(fd);
  }
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function unpackHead(packed: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw new HalftoneError('SOURCE_CORRUPT', `${name}: the gzip data is damaged at its start.`, {
      file: name,
      hint: 'Pack the file again.',
      cause,
    });
  }
}

function decode(bytes: Uint8Array, label: string): string {
  return new TextDecoder(label, { ignoreBOM: false }).decode(bytes, { stream: true });
}
