import { createHash } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { BuiltPart } from '../../workers/index-part.js';
import { syncFolder } from '../snapshots/durable.js';
import type { BufferRef, ManifestSegment, Snapshot } from '../snapshots/manifest.js';
import type { IndexOf } from './index-kind.js';

/** Raised when an older reader could misread a newer file, whatever its kind. */
const FILE_VERSION = 1;

/**
 * The header, little-endian; behind it the parts of the batches in order, each a multiple of 64 bytes:
 *
 *    0: "HTINDEX\0"             8: u32 version of files    12: u32 CRC-32 of all that follows in the header
 *   16: u32 version of the kind 20: u32 batches            24: u64 0
 *   32: SHA-256 of the kind, and of what the segment holds of the columns
 *   64: by batch: u64 bytes, u32 CRC-32, u32 rows; padded to 64 bytes
 *
 * What it is made of is told by content, not by name: it goes with its segment where snapshots share that.
 */
const MAGIC = Buffer.from('HTINDEX\0', 'latin1');
const FIXED_BYTES = 64;
const BATCH_BYTES = 16;

/** The file of an index, beside its segment in the snapshot's folder. */
export function indexFile({ kind, columns }: IndexOf, segment: ManifestSegment): string {
  return `${segment.file.replace(/\.arrow$/, '')}.${kind.name}-${columns.join('-')}.index`;
}

/** Opens the index of a segment: its parts by batch, to be checked when they are read. Undefined without a file. */
export async function openIndex(
  snapshot: Snapshot,
  segment: ManifestSegment,
  index: IndexOf,
): Promise<{ parts: BufferRef[] } | { damage: string } | undefined> {
  let handle;
  try {
    handle = await open(join(snapshot.dir, indexFile(index, segment)), 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : { damage: message };
  }
  try {
    const header = Buffer.alloc(headerBytes(segment));
    const { bytesRead } = await handle.read(header, 0, header.length, 0);
    const { size } = await handle.stat();
    return readHeader(header.subarray(0, bytesRead), size, snapshot, segment, index);
  } catch (error) {
    return { damage: (error as Error).message };
  } finally {
    await handle.close();
  }
}

/** Deletes the index of a segment; it can be built anew. */
export async function removeIndex(
  { dir }: Snapshot,
  segment: ManifestSegment,
  index: IndexOf,
): Promise<void> {
  await rm(join(dir, indexFile(index, segment)), { force: true });
}

function headerBytes({ batches }: ManifestSegment): number {
  return Math.ceil((FIXED_BYTES + batches.length * BATCH_BYTES) / 64) * 64;
}

/** Where the parts lie; or why the file is not this index. */
function readHeader(
  header: Buffer,
  size: number,
  snapshot: Snapshot,
  segment: ManifestSegment,
  index: IndexOf,
): { parts: BufferRef[] } | { damage: string } {
  const { kind } = index;
  if (header.length < headerBytes(segment))
    return { damage: `It ends after ${header.length} bytes.` };
  if (!header.subarray(0, 8).equals(MAGIC))
    return { damage: 'It does not begin as an index does.' };
  const [version, kindVersion] = [header.readUInt32LE(8), header.readUInt32LE(16)];
  if (version !== FILE_VERSION)
    return { damage: `It is of version ${version}, not ${FILE_VERSION}.` };
  if (header.readUInt32LE(12) !== crc32(header.subarray(16)))
    return { damage: 'Its header is damaged.' };
  if (kindVersion !== kind.version)
    return { damage: `It is a ${kind.name} of version ${kindVersion}, not ${kind.version}.` };
  const expected = headerOf(snapshot, segment, index);
  if (!header.subarray(16, FIXED_BYTES).equals(expected.subarray(16, FIXED_BYTES)))
    return { damage: 'It is of other columns.' };
  const parts: BufferRef[] = [];
  let offset = header.length;
  for (const [batch, { rows }] of segment.batches.entries()) {
    const at = FIXED_BYTES + batch * BATCH_BYTES;
    const length = Number(header.readBigUInt64LE(at));
    const isOther = kind.bytesOf !== undefined && length !== kind.bytesOf(rows);
    if (isOther || length % 64 !== 0 || header.readUInt32LE(at + 12) !== rows)
      return { damage: `Batch ${batch} is another one.` };
    parts.push({ offset, length, crc32: header.readUInt32LE(at + 8) });
    offset += length;
  }
  return size === offset ? { parts } : { damage: `It has ${size} bytes instead of ${offset}.` };
}

/** The header without what is known of the parts. */
function headerOf(
  { manifest }: Snapshot,
  segment: ManifestSegment,
  { kind, columns }: IndexOf,
): Buffer {
  const header = Buffer.alloc(headerBytes(segment));
  MAGIC.copy(header);
  header.writeUInt32LE(FILE_VERSION, 8);
  header.writeUInt32LE(kind.version, 16);
  header.writeUInt32LE(segment.batches.length, 20);
  const content = columns.map((column) => ({
    type: manifest.columns[column]!.logical,
    ...segment.columns[column],
    batches: segment.batches.map(({ columns }) => columns[column]),
  }));
  createHash('sha256')
    .update(JSON.stringify([kind.name, content]))
    .digest()
    .copy(header, 32);
  return header;
}

/** Writes the index of a segment under a name that nobody looks at. */
export interface IndexWriter {
  /** Takes the part of a batch, in any order; it is written once those of all earlier batches are. */
  write(batch: number, part: BuiltPart & { withdrawn: false }): Promise<void>;
  /** Makes it the index of the segment, whole and durable, once all parts are written. */
  publish(): Promise<void>;
  discard(): Promise<void>;
}

export async function createIndex(
  snapshot: Snapshot,
  segment: ManifestSegment,
  index: IndexOf,
): Promise<IndexWriter> {
  const path = join(snapshot.dir, indexFile(index, segment));
  const partial = `${path}.partial-${process.pid}`;
  const header = headerOf(snapshot, segment, index);
  const handle = await open(partial, 'w', 0o600);
  // Parts that were built out of order are held until those before them are written.
  const held = new Map<number, BuiltPart & { withdrawn: false }>();
  let next = 0;
  let end = header.length;
  let writing = Promise.resolve();

  async function writeInOrder(): Promise<void> {
    for (let part = held.get(next); part !== undefined; part = held.get(next)) {
      held.delete(next);
      const at = FIXED_BYTES + next * BATCH_BYTES;
      header.writeBigUInt64LE(BigInt(part.bytes.length), at);
      header.writeUInt32LE(part.crc32, at + 8);
      header.writeUInt32LE(segment.batches[next]!.rows, at + 12);
      await writeAll(handle, part.bytes, end);
      end += part.bytes.length;
      next++;
    }
  }

  return {
    write(batch, part) {
      held.set(batch, part);
      writing = writing.then(writeInOrder);
      return writing;
    },
    async publish() {
      if (next < segment.batches.length) throw new Error(`Batch ${next} of ${path} is missing.`);
      header.writeUInt32LE(crc32(header.subarray(16)), 12);
      await writeAll(handle, header, 0);
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

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done, undefined, position + done)).bytesWritten;
  }
}
