import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { BufferRef, ManifestSegment, Snapshot } from './manifest.js';
import { HEAD } from './segment-file.js';

/** A part of a file that is not what was written. */
export interface Fault {
  file: string;
  /** From the start of the file, in bytes. */
  offset: number;
  length: number;
  reason: string;
}

export interface VerifyOptions {
  signal?: AbortSignal;
  /** Told of every part read: its bytes. */
  onBytes?: (bytes: number) => void;
  /** Awaited after every part. */
  pause?: () => Promise<void>;
}

const STEP = 1024 * 1024;

/**
 * Reads every byte of a snapshot's segments: each part has its checksum, what lies between them is zero. Rejects only
 * where it was withdrawn.
 */
export async function verifySnapshot(
  { dir, manifest }: Snapshot,
  { signal, onBytes, pause }: VerifyOptions = {},
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const scratch = new Uint8Array(STEP);
  for (const segment of manifest.segments) {
    const file = await open(join(dir, segment.file), 'r').catch(() => undefined);
    try {
      for (const { offset, length, crc32: expected } of partsOf(segment)) {
        signal?.throwIfAborted();
        const found =
          file === undefined
            ? 'The file cannot be opened.'
            : await checksumOf(file, offset, length, scratch);
        const reason = found === expected ? undefined : describeFault(found);
        if (reason !== undefined) faults.push({ file: segment.file, offset, length, reason });
        onBytes?.(length);
        await pause?.();
      }
    } finally {
      await file?.close();
    }
  }
  return faults;
}

/** Every byte of a segment, in order: its parts, and the padding between them. */
function partsOf(segment: ManifestSegment): BufferRef[] {
  const magic = { offset: 0, length: HEAD.length, crc32: crc32(HEAD) };
  const known = [magic, ...refsOf(segment)].toSorted((a, b) => a.offset - b.offset);
  const parts: BufferRef[] = [];
  let end = 0;
  for (const ref of known) {
    if (ref.offset > end) parts.push(padding(end, ref.offset - end));
    parts.push(ref);
    end = ref.offset + ref.length;
  }
  return parts;
}

function padding(offset: number, length: number): BufferRef {
  let checksum = 0;
  for (let left = length; left > 0; left -= STEP)
    checksum = crc32(ZEROES.subarray(0, Math.min(STEP, left)), checksum);
  return { offset, length, crc32: checksum };
}

const ZEROES = new Uint8Array(STEP);

function refsOf({ schema, footer, columns, batches }: ManifestSegment): BufferRef[] {
  const dictionaries = columns.flatMap(({ dictionary }) =>
    dictionary === undefined ? [] : [dictionary.header, dictionary.offsets, dictionary.bytes],
  );
  const buffers = batches.flatMap(({ header, columns: own }) => [
    header,
    ...own.flatMap(({ validity, offsets, data }) => [validity, offsets, data]),
  ]);
  return [schema, ...dictionaries, ...buffers, footer].filter((ref) => ref !== undefined);
}

/** The checksum of a part, or why it cannot be read. */
async function checksumOf(
  file: FileHandle,
  offset: number,
  length: number,
  scratch: Uint8Array,
): Promise<number | string> {
  let checksum = 0;
  try {
    for (let done = 0; done < length;) {
      const wanted = Math.min(STEP, length - done);
      const { bytesRead } = await file.read(scratch, 0, wanted, offset + done);
      if (bytesRead === 0) return `The file ends after ${done} of ${length} bytes.`;
      checksum = crc32(scratch.subarray(0, bytesRead), checksum);
      done += bytesRead;
    }
  } catch (error) {
    return (error as Error).message;
  }
  return checksum;
}

function describeFault(found: number | string): string {
  return typeof found === 'string' ? found : 'The checksum differs.';
}
