import { open, readFile, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import type { EncodedDictionary } from '../../snapshots/encoded-column.js';
import type { BufferRef, ManifestSegment, ResumeFile } from '../../snapshots/manifest.js';
import type { EncodingState, ResumedEncoding } from '../encode/messages.js';
import type { AppendBase } from './append-base.js';
import { NotAnAppend } from './not-an-append.js';

/** What a load leaves for the next one to go on from. */
export interface Resume {
  encoding: EncodingState;
  /** What the reader of the source's kind knows of what it has read. */
  source: unknown;
}

/** Named anew where its contents change: that of another version is not read. */
const FILE = 'resume-2.bin';
/** A table that leaves more behind, of hundreds of columns, is not worth it. */
const MAX_BYTES = 64 * 2 ** 20;

/**
 * Writes the file that an append to this snapshot begins with; undefined where it would be too large. It is not flushed to the disk: where it is
 * lost or damaged, the source is loaded whole.
 */
export async function writeResume(dir: string, resume: Resume): Promise<ResumeFile | undefined> {
  const bytes = serialize(resume);
  if (bytes.length > MAX_BYTES) return undefined;
  await writeFile(join(dir, FILE), bytes, { mode: 0o600 });
  return { file: FILE, bytes: bytes.length, crc32: crc32(bytes) };
}

export async function readResume({ dir, resume }: AppendBase): Promise<Resume> {
  if (resume.file !== FILE)
    throw new NotAnAppend('another version left something else for the next load');
  const bytes = await readFile(join(dir, resume.file)).catch(() => undefined);
  if (bytes?.length !== resume.bytes || crc32(bytes) !== resume.crc32)
    throw new NotAnAppend('what the last load left for the next is lost');
  return deserialize(bytes) as Resume;
}

/** Everything that an encoding thread needs to go on behind the rows of `base`. */
export async function resumedEncoding(
  { dir, segments, columns }: AppendBase,
  { encoding }: Pick<Resume, 'encoding'>,
): Promise<ResumedEncoding> {
  const dictionaries = await Promise.all(
    columns.map((_, column) => lastDictionary(dir, segments, column)),
  );
  return { segments: segments.length, state: encoding, dictionaries };
}

/** The dictionary of a column in the last segment that has one: it holds those of all before. */
async function lastDictionary(
  dir: string,
  segments: readonly ManifestSegment[],
  column: number,
): Promise<EncodedDictionary | undefined> {
  const segment = segments.findLast(({ columns }) => columns[column]!.dictionary !== undefined);
  if (segment === undefined) return undefined;
  const { size, offsets, bytes } = segment.columns[column]!.dictionary!;
  const file = await open(join(dir, segment.file), 'r');
  try {
    const counted = await readChecked(file, offsets);
    return {
      size,
      offsets: new Int32Array(counted.buffer, counted.byteOffset, size + 1),
      bytes: await readChecked(file, bytes),
    };
  } finally {
    await file.close();
  }
}

async function readChecked(file: FileHandle, ref: BufferRef): Promise<Uint8Array> {
  const bytes = new Uint8Array(ref.length);
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, undefined, ref.offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  if (crc32(bytes) !== ref.crc32) throw new NotAnAppend('a dictionary of the snapshot is damaged');
  return bytes;
}
