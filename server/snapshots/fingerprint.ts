import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { canonicalJson } from '../../protocol/canonical.js';
import { HalftoneError } from '../errors.js';
import { publicOptions } from '../loader/public-options.js';
import type { DatasetSource } from '../loader/source.js';
import { CACHE_FORMAT, type FileFingerprint, type SourceFingerprint } from './manifest.js';

/**
 * What a source is made of at this moment. Of a pulled source a look sees nothing but its options, so that its snapshot
 * answers until a run pulls it. Rejects with SOURCE_MISSING or SOURCE_UNREADABLE. */
export async function fingerprintSource(source: DatasetSource): Promise<SourceFingerprint> {
  const inputs = source.sql?.bound?.map(({ manifest }) => manifest) ?? [];
  const paths = [...new Set([...filesOf(source), ...inputs])];
  return {
    kind: source.kind,
    files: await fingerprintFiles(paths),
    options: optionsOf(source),
  };
}

/** Files that are looked at together: thousands at once would have the thread for tenths of a second. */
const AT_ONCE = 64;

async function fingerprintFiles(paths: readonly string[]): Promise<FileFingerprint[]> {
  const found: FileFingerprint[] = [];
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    const some = paths.slice(from, from + AT_ONCE);
    found.push(...(await Promise.all(some.map((path) => fingerprintFile(path)))));
  }
  return found;
}

/**
 * A text that is the same for the same fingerprints alone, in whatever order their members are. Sources of thousands of files are compared
 * every few seconds: canonical JSON of them takes several times as long.
 */
export function fingerprintText({ kind, options, files }: SourceFingerprint): string {
  const lines = files.map(
    ({ path, size, mtimeNs, ino }) => `${JSON.stringify(path)} ${size} ${mtimeNs} ${ino}`,
  );
  return [kind, options, ...lines].join('\n');
}

/**
 * What stays the same while the files of a source change: its name, its paths (or the globs and folders that they are found by) and its options. Snapshots of one
 * identity are versions of one another and share a folder of the cache.
 */
export function identityOf(source: DatasetSource): string {
  const files = source.patterns ?? filesOf(source);
  return canonicalJson({ name: source.name, kind: source.kind, files, options: optionsOf(source) });
}

/**
 * The id of a snapshot: a time that sorts, and a hash of what the snapshot follows from.
 * `createdAt` is ISO 8601 in UTC with milliseconds.
 */
export function snapshotId(createdAt: string, fingerprint: SourceFingerprint): string {
  const text = canonicalJson({ format: CACHE_FORMAT, fingerprint });
  return `${createdAt.replaceAll(/[-:.]/g, '')}-${sha256(text).slice(0, 12)}`;
}

/** SHA-256 of a text, in hexadecimal digits. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function filesOf({ files, sql }: DatasetSource): string[] {
  return [...files, ...(sql?.inputs.flatMap(filesOf) ?? [])];
}

function optionsOf(source: DatasetSource): string {
  const { csv, strict, united, root, sql, types, timeZone, hide } = source;
  const inputs = sql?.inputs.map((input) => [input.name, optionsOf(input)]);
  return canonicalJson({
    csv,
    strict,
    united,
    root,
    query: sql?.query,
    over: sql?.over,
    parameters: sql?.parameters,
    values: sql?.values,
    inputs,
    types,
    timeZone,
    hide,
    ...publicOptions(source),
  });
}

async function fingerprintFile(path: string): Promise<FileFingerprint> {
  try {
    const { size, mtimeNs, ino } = await stat(path, { bigint: true });
    return { path, size: Number(size), mtimeNs: String(mtimeNs), ino: String(ino) };
  } catch (error) {
    const file = basename(path);
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw missing
      ? new HalftoneError('SOURCE_MISSING', `The file "${file}" does not exist.`, {
          file,
          cause: error,
        })
      : new HalftoneError('SOURCE_UNREADABLE', `The file "${file}" cannot be read.`, {
          file,
          hint: 'Check its permissions.',
          cause: error,
        });
  }
}
