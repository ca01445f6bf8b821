import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { BufferRef, ManifestSegment, Snapshot } from './manifest.js';

/** A buffer that is not what was written. */
export interface Fault {
  file: string;
  /** From the start of the file, in bytes. */
  offset: number;
  length: number;
  reason: string;
}

export interface VerifyOptions {
  signal?: AbortSignal;
  /** Told of every buffer read: its bytes. */
  onBytes?: (bytes: number) => void;
}

const STEP = 1024 * 1024;

/** Reads every buffer of a snapshot and compares it with its checksum. Rejects only where it was withdrawn. */
export async function verifySnapshot(
  { dir, manifest }: Snapshot,
  { signal, onBytes }: VerifyOptions = {},
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const scratch = new Uint8Array(STEP);
  for (const segment of manifest.segments) {
    const file = await open(join(dir, segment.file), 'r').catch(() => undefined);
    for (const ref of refsOf(segment)) {
      signal?.throwIfAborted();
      const reason =
        file === undefined ? 'The file cannot be opened.' : await check(file, ref, scratch);
      if (reason !== undefined)
        faults.push({ file: segment.file, offset: ref.offset, length: ref.length, reason });
      onBytes?.(ref.length);
    }
    await file?.close();
  }
  return faults;
}

function refsOf({ schema, footer, columns, batches }: ManifestSegment): BufferRef[] {
  const dictionaries = columns.flatMap(({ dictionary }) =>
    dictionary === undefined ? [] : [dictionary.offsets, dictionary.bytes],
  );
  const buffers = batches.flatMap((batch) =>
    batch.columns.flatMap(({ validity, offsets, data }) => [validity, offsets, data]),
  );
  return [schema, ...dictionaries, ...buffers, footer].filter((ref) => ref !== undefined);
}

async function check(
  file: Awaited<ReturnType<typeof open>>,
  { offset, length, crc32: expected }: BufferRef,
  scratch: Uint8Array,
): Promise<string | undefined> {
  let checksum = 0;
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(scratch, 0, Math.min(STEP, length - done), offset + done);
    if (bytesRead === 0) return `The file ends after ${done} of ${length} bytes.`;
    checksum = crc32(scratch.subarray(0, bytesRead), checksum);
    done += bytesRead;
  }
  return checksum === expected ? undefined : 'The checksum differs.';
}
