import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { canonicalJson } from '../../protocol/canonical.js';
import { HalftoneError } from '../errors.js';
import {
  CACHE_FORMAT,
  MANIFEST_FILE,
  type BufferRef,
  type Manifest,
  type Snapshot,
} from './manifest.js';

/** The text of a manifest file: its JSON with a checksum over everything else in it. */
export function writeManifest(manifest: Manifest): string {
  return `${JSON.stringify({ ...manifest, checksum: checksumOf(manifest) }, null, 1)}\n`;
}

/**
 * Opens a snapshot's folder: the manifest and, of every segment, length, schema and footer are checked; the buffers
 * are when they are read. Rejects with CACHE_DAMAGED, which says what is wrong, or with what keeps it from being read now.
 */
export async function openSnapshot(dir: string): Promise<Snapshot> {
  const manifest = await readManifest(join(dir, MANIFEST_FILE));
  for (const segment of manifest.segments) {
    const path = join(dir, segment.file);
    const file = await open(path, 'r').catch((error: unknown) => {
      throw unlessPassing(
        error,
        `The segment "${segment.file}" of snapshot ${manifest.id} cannot be opened.`,
      );
    });
    try {
      const { size } = await file.stat();
      if (size !== segment.bytes) {
        throw damaged(
          `The segment "${segment.file}" of snapshot ${manifest.id} has ${size} bytes instead of ${segment.bytes}.`,
        );
      }
      for (const ref of [segment.schema, segment.footer]) {
        if (crc32(await readRef(file, ref)) !== ref.crc32) {
          throw damaged(
            `The segment "${segment.file}" of snapshot ${manifest.id} fails its checksum at byte ${ref.offset}.`,
          );
        }
      }
    } finally {
      await file.close();
    }
  }
  return { dir, manifest };
}

async function readManifest(path: string): Promise<Manifest> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unlessPassing(error, `The manifest "${path}" cannot be read.`);
  });
  let parsed: (Manifest & { checksum?: number }) | null;
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch (error) {
    throw damaged(`The manifest "${path}" is not JSON.`, error);
  }
  if (parsed === null) throw damaged(`The manifest "${path}" is empty.`);
  const { checksum, ...manifest } = parsed;
  if (manifest.format !== CACHE_FORMAT) {
    throw damaged(
      `The manifest "${path}" has format ${manifest.format}; this version reads ${CACHE_FORMAT}.`,
    );
  }
  if (checksum !== checksumOf(manifest))
    throw damaged(`The manifest "${path}" fails its checksum.`);
  return manifest;
}

function checksumOf(manifest: Manifest): number {
  return crc32(canonicalJson(manifest));
}

type OpenFile = Awaited<ReturnType<typeof open>>;

async function readRef(file: OpenFile, { offset, length }: BufferRef): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  return bytes.subarray(0, bytesRead);
}

/** The error of a file that is not what it was; too many open files, for one, say nothing of the snapshot. */
function unlessPassing(error: unknown, message: string): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['EMFILE', 'ENFILE', 'ENOMEM', 'EACCES', 'EPERM'].includes(code)
    ? error
    : damaged(message, error);
}

function damaged(message: string, cause?: unknown): HalftoneError {
  return new HalftoneError('CACHE_DAMAGED', message, {
    hint: 'It is loaded again from its source.',
    cause,
  });
}
