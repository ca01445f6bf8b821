import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { CancelWord } from './scan/cancel.js';

/** One buffer of a file and the place in shared memory that it belongs to. */
export interface SpanRead {
  /** In the file, in bytes. */
  offset: number;
  length: number;
  crc32: number;
  /** In shared memory. */
  slab: number;
  at: number;
}

export interface ReadSpansTask {
  path: string;
  slabs: readonly SharedArrayBuffer[];
  reads: readonly SpanRead[];
  cancel?: CancelWord;
}

/** The first buffer that is not what was written, or that nobody waited for any more; null where all are there. */
export type ReadFault = { offset: number; reason: string; withdrawn?: true } | null;

const WITHDRAWN = { offset: 0, reason: 'Nobody waits for it any more.', withdrawn: true } as const;

// Between two checksums the bytes are still in the second-level cache.
const STEP = 256 * 1024;

/**
 * Reads buffers of a column file straight into shared memory and checks each against its CRC-32. This is the only
 * task that touches a disk. The memory belongs to the caller, who must not let anyone read it before this returns null.
 */
export function readSpans({ path, slabs, reads, cancel }: ReadSpansTask): ReadFault {
  const isWithdrawn = (): boolean =>
    cancel !== undefined && Atomics.load(cancel.words, cancel.index) !== 0;
  if (isWithdrawn()) return { ...WITHDRAWN };
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    return { offset: 0, reason: (error as Error).message };
  }
  try {
    for (const read of reads) {
      if (isWithdrawn()) return { ...WITHDRAWN };
      const fault = tryReadSpan(fd, slabs[read.slab]!, read);
      if (fault !== undefined) return { offset: read.offset, reason: fault };
    }
    return null;
  } finally {
    closeSync(fd);
  }
}

/** A disk that cannot read a block any more tells so by an error. */
function tryReadSpan(fd: number, slab: SharedArrayBuffer, read: SpanRead): string | undefined {
  try {
    return readSpan(fd, slab, read);
  } catch (error) {
    return (error as Error).message;
  }
}

function readSpan(fd: number, slab: SharedArrayBuffer, read: SpanRead): string | undefined {
  const target = new Uint8Array(slab, read.at, read.length);
  let checksum = 0;
  for (let done = 0; done < read.length;) {
    const length = Math.min(STEP, read.length - done);
    const count = readSync(fd, target, done, length, read.offset + done);
    if (count === 0) return `The file ends after ${done} of ${read.length} bytes.`;
    checksum = crc32(target.subarray(done, done + count), checksum);
    done += count;
  }
  return checksum === read.crc32 ? undefined : 'The checksum differs.';
}
