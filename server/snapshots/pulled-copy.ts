import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { replaceFile, syncFolder } from './durable.js';
import type { Snapshot } from './manifest.js';

/**
 * Beside the segments of a snapshot that was pulled: its rows once more, for other programs, and to build it anew where a
 * segment is damaged. What it was pulled from may have gone on since, or be gone.
 */
const COPY_FILE = 'data.parquet';
/** Parquet files need no checksums, so this one's stands beside it. */
const CHECKSUM_FILE = `${COPY_FILE}.crc32`;

/** A Parquet file with all rows of a snapshot. */
export interface PulledCopy {
  path: string;
  /** Of the whole file. */
  crc32: number;
}

/** The copy of a snapshot; undefined where it has none. Whether it is sound, `isSound` tells. */
export async function copyOf({ dir }: Pick<Snapshot, 'dir'>): Promise<PulledCopy | undefined> {
  const checksum = await readFile(join(dir, CHECKSUM_FILE), 'utf8').catch(() => undefined);
  if (checksum === undefined) return undefined;
  return { path: join(dir, COPY_FILE), crc32: Number(checksum) };
}

/** Whether the file is there as it was written. */
export async function isSound({ path, crc32: expected }: PulledCopy): Promise<boolean> {
  let found = 0;
  try {
    for await (const chunk of createReadStream(path)) found = crc32(chunk as Buffer, found);
  } catch {
    return false;
  }
  return found === expected;
}

/** Writes the copy of a snapshot: it is on the disk, whole, once this resolves, and not there before. */
export async function writeCopy(
  { dir }: Pick<Snapshot, 'dir'>,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const path = join(dir, COPY_FILE);
  const partial = `${path}.partial-${process.pid}`;
  let checksum = 0;
  try {
    const file = await open(partial, 'w', 0o600);
    try {
      for await (const chunk of chunks) {
        checksum = crc32(chunk, checksum);
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
    await syncFolder(dir);
    await replaceFile(join(dir, CHECKSUM_FILE), `${checksum}\n`);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
