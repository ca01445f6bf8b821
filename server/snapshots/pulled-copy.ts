import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { canonicalJson } from '../../protocol/canonical.js';
import { replaceFile, syncFolder } from './durable.js';
import { pulledAt, type Snapshot } from './manifest.js';

/**
 * Beside the segments of a snapshot that was pulled: its rows once more, for other programs, and to build it anew where it
 * is damaged, or was written by another version of Halftone. What it was pulled from may have gone on since, or be gone.
 */
const COPY_FILE = 'data.parquet';
/** What has to be known of the copy where the manifest cannot be read. Without it there is no copy. */
const FACTS_FILE = `${COPY_FILE}.json`;
/** Not that of the cache: a later version of Halftone reads the copies of earlier ones. */
const FACTS_VERSION = 1;

interface Facts {
  /** Of the whole Parquet file, which needs no checksums of its own. */
  crc32: number;
  /** ISO 8601: since when its rows answer. */
  pulledAt: string;
}

/** A Parquet file with all rows of a snapshot. */
export interface PulledCopy extends Facts {
  path: string;
}

/** The copy of a snapshot, by its folder; undefined where it has none. Whether it is sound, `isSound` tells. */
export async function copyOf({ dir }: Pick<Snapshot, 'dir'>): Promise<PulledCopy | undefined> {
  try {
    const text = await readFile(join(dir, FACTS_FILE), 'utf8');
    const { version, checksum, ...facts } = JSON.parse(text) as FactsFile;
    if (version !== FACTS_VERSION || checksum !== checksumOf(facts)) return undefined;
    return { path: join(dir, COPY_FILE), ...facts };
  } catch {
    return undefined;
  }
}

type FactsFile = Facts & { version: number; checksum: number };

const checksumOf = (facts: Facts): number => crc32(canonicalJson(facts));

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
  { dir, manifest }: Snapshot,
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
    const facts = { crc32: checksum, pulledAt: pulledAt(manifest) };
    const told: FactsFile = { version: FACTS_VERSION, ...facts, checksum: checksumOf(facts) };
    await replaceFile(join(dir, FACTS_FILE), `${JSON.stringify(told)}\n`);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
