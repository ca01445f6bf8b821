import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { FAN_OUT, LEAF_ROWS, pyramidBytes } from '../../workers/pyramid/pyramid.js';
import type { IndexPart } from '../memory/buffers.js';
import { syncFolder } from '../snapshots/durable.js';
import type { Snapshot } from '../snapshots/manifest.js';

/** Raised when an older reader could misread a newer file; a file of another version is built anew. */
export const PYRAMID_VERSION = 1;

/**
 * The header, little-endian; behind it the pyramids of the batches, each a multiple of 64 bytes:
 *
 *    0: "HTPYRAMD"            8: u32 version            12: u32 CRC-32 of all that follows in the header
 *   16: u32 rows of a leaf   20: u32 fan-out            24: u32 batches            28: u32 0
 *   32: SHA-256 of the snapshot's id and the column's name
 *   64: by batch: u32 rows, u32 bytes, u32 CRC-32, u32 0; padded to 64 bytes
 */
const MAGIC = Buffer.from('HTPYRAMD', 'latin1');
const FIXED_BYTES = 64;
const BATCH_BYTES = 16;

/** The file of a column's pyramid, in the snapshot's folder. */
export function pyramidFile(column: number): string {
  return `pyramid-${column}.index`;
}

/** The rows of each batch of a snapshot. */
export function batchRowsOf({ manifest }: Snapshot): number[] {
  return manifest.segments.flatMap(({ batches }) => batches.map(({ rows }) => rows));
}

/** Opens the pyramid of a column: its parts by batch, to be checked when they are read. Undefined without a file. */
export async function openPyramid(
  snapshot: Snapshot,
  column: number,
): Promise<{ parts: IndexPart[] } | { damage: string } | undefined> {
  const file = pyramidFile(column);
  const rows = batchRowsOf(snapshot);
  let handle;
  try {
    handle = await open(join(snapshot.dir, file), 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : { damage: message };
  }
  try {
    const header = Buffer.alloc(headerBytes(rows.length));
    const { bytesRead } = await handle.read(header, 0, header.length, 0);
    const { size } = await handle.stat();
    const damage = faultOf(header.subarray(0, bytesRead), size, snapshot, column, rows);
    if (damage !== undefined) return { damage };
    return { parts: partsOf(header, file, column, rows) };
  } catch (error) {
    return { damage: (error as Error).message };
  } finally {
    await handle.close();
  }
}

/** Deletes the pyramid of a column; it can be built anew. */
export async function removePyramid({ dir }: Snapshot, column: number): Promise<void> {
  await rm(join(dir, pyramidFile(column)), { force: true });
}

function headerBytes(batches: number): number {
  return Math.ceil((FIXED_BYTES + batches * BATCH_BYTES) / 64) * 64;
}

/** Why a file is not the pyramid of this column; undefined where it is. */
function faultOf(
  header: Buffer,
  size: number,
  snapshot: Snapshot,
  column: number,
  rows: readonly number[],
): string | undefined {
  if (header.length < headerBytes(rows.length)) return `It ends after ${header.length} bytes.`;
  if (!header.subarray(0, 8).equals(MAGIC)) return 'It does not begin as a pyramid does.';
  const version = header.readUInt32LE(8);
  if (version !== PYRAMID_VERSION) return `It is of version ${version}, not ${PYRAMID_VERSION}.`;
  if (header.readUInt32LE(12) !== crc32(header.subarray(16))) return 'Its header is damaged.';
  const expected = headerOf(snapshot, column, rows);
  if (!header.subarray(16, FIXED_BYTES).equals(expected.subarray(16, FIXED_BYTES))) {
    return 'It is of another column.';
  }
  let end = header.length;
  for (const [batch, count] of rows.entries()) {
    const at = FIXED_BYTES + batch * BATCH_BYTES;
    const bytes = header.readUInt32LE(at + 4);
    if (header.readUInt32LE(at) !== count || bytes !== pyramidBytes(count)) {
      return `Batch ${batch} is another one.`;
    }
    end += bytes;
  }
  return size === end ? undefined : `It has ${size} bytes instead of ${end}.`;
}

/** The header without checksums. */
function headerOf({ manifest }: Snapshot, column: number, rows: readonly number[]): Buffer {
  const header = Buffer.alloc(headerBytes(rows.length));
  MAGIC.copy(header);
  header.writeUInt32LE(PYRAMID_VERSION, 8);
  header.writeUInt32LE(LEAF_ROWS, 16);
  header.writeUInt32LE(FAN_OUT, 20);
  header.writeUInt32LE(rows.length, 24);
  const { name } = manifest.columns[column]!.info;
  createHash('sha256').update(`${manifest.id}\0${name}`).digest().copy(header, 32);
  return header;
}

function partsOf(
  header: Buffer,
  file: string,
  column: number,
  rows: readonly number[],
): IndexPart[] {
  let offset = header.length;
  return rows.map((_, batch) => {
    const at = FIXED_BYTES + batch * BATCH_BYTES;
    const length = header.readUInt32LE(at + 4);
    const part = {
      file,
      column,
      batch,
      ref: { offset, length, crc32: header.readUInt32LE(at + 8) },
    };
    offset += length;
    return part;
  });
}

/** Writes the pyramid of a column under a name that nobody looks at, batch by batch in any order. */
export interface PyramidWriter {
  write(batch: number, bytes: Uint8Array, crc32: number): Promise<void>;
  /** Makes it the pyramid of the column, whole and durable, once all batches are written. */
  publish(): Promise<void>;
  discard(): Promise<void>;
}

export async function createPyramid(snapshot: Snapshot, column: number): Promise<PyramidWriter> {
  const rows = batchRowsOf(snapshot);
  const path = join(snapshot.dir, pyramidFile(column));
  const partial = `${path}.partial-${process.pid}`;
  const header = headerOf(snapshot, column, rows);
  const starts: number[] = [];
  let end = header.length;
  for (const count of rows) {
    starts.push(end);
    end += pyramidBytes(count);
  }
  const handle = await open(partial, 'w', 0o600);
  return {
    async write(batch, bytes, checksum) {
      const at = FIXED_BYTES + batch * BATCH_BYTES;
      header.writeUInt32LE(rows[batch]!, at);
      header.writeUInt32LE(bytes.length, at + 4);
      header.writeUInt32LE(checksum, at + 8);
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, undefined, starts[batch]! + done);
        done += bytesWritten;
      }
    },
    async publish() {
      header.writeUInt32LE(crc32(header.subarray(16)), 12);
      await handle.write(header, 0, header.length, 0);
      await handle.sync();
      await handle.close();
      await rename(partial, path);
      await syncFolder(dirname(path));
    },
    async discard() {
      await handle.close().catch(() => undefined);
      await rm(partial, { force: true });
    },
  };
}
