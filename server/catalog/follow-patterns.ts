import type { DatasetSource } from '../loader/source.js';
import type { ExpandedPath } from '../loader/sources/expand-path.js';
import { lookThrough } from '../loader/sources/look-through.js';
import { kindOfFile } from '../loader/sources/source-kind.js';
import type { Catalog } from './catalog.js';

export interface FollowOptions {
  /** Patterns below it are looked for from here, whatever signs its own name holds. */
  cwd: string;
  /** Datasets that somebody else looks after. */
  isOthers: (name: string) => boolean;
}

/**
 * Looks for files that have come to the folders and globs that datasets were found by, or have gone from them. Reads the first bytes of
 * new ones alone. A dataset that is being loaded has its turn at the next look, so that no load is ended by the next file.
 */
export async function followPatterns(
  catalog: Pick<Catalog, 'get' | 'replace' | 'sources'>,
  { cwd, isOthers }: FollowOptions,
): Promise<void> {
  const sources = catalog.sources();
  // What was given by its own name, or was refused at the start, is a dataset of its own.
  const apart = new Set(sources.filter(isOneFile).flatMap(({ files }) => files));
  for (const source of sources) {
    if (isOthers(source.name)) continue;
    const now = await withFilesNow(source, { cwd, apart });
    // While others had the thread it may have been taken away, or been given another source.
    const isThere = now !== source && catalog.sources().includes(source);
    if (isThere && catalog.get(source.name).progress === undefined) catalog.replace(now, 'change');
  }
}

const isOneFile = ({ patterns, files }: DatasetSource): boolean =>
  patterns === undefined && files.length === 1;

/** A source with the files that it would have today; itself where these are the same, or there are none left. */
async function withFilesNow(
  source: DatasetSource,
  place: { cwd: string; apart: ReadonlySet<string> },
): Promise<DatasetSource> {
  const { patterns, sql, kind } = source;
  if (sql !== undefined) {
    const inputs = await Promise.all(sql.inputs.map((input) => withFilesNow(input, place)));
    const isSame = inputs.every((input, i) => input === sql.inputs[i]);
    return isSame ? source : { ...source, sql: { ...sql, inputs } };
  }
  if (patterns === undefined) return source;
  const known = new Set(source.files);
  const found = await Promise.all(patterns.map((pattern) => maybeExpand(pattern, place.cwd)));
  const files = found
    .flatMap((each) => each?.files ?? [])
    .filter((file) => known.has(file) || (!place.apart.has(file) && isOfKind(file, kind)));
  const isSame = files.length === source.files.length && files.every((file, i) => file === source.files[i]); // prettier-ignore
  if (files.length === 0 || isSame) return source;
  const isStillOne = !source.united && files.length === 1;
  const root = source.root ?? found.find((each) => each !== undefined)?.root;
  return isStillOne
    ? { ...source, files }
    : { ...source, files, united: true, ...(root !== undefined && { root }) };
}

/** What a pattern names now; undefined where that is nothing, or cannot be seen: the rows stay as they are. */
function maybeExpand(pattern: string, cwd: string): Promise<ExpandedPath | undefined> {
  const isBelow = pattern.startsWith(`${cwd}/`);
  return lookThrough(isBelow ? pattern.slice(cwd.length + 1) : pattern, cwd).catch(() => undefined);
}

/** Whether a file can be read by now, and as the others are: one that was just made may be empty. */
function isOfKind(file: string, kind: DatasetSource['kind']): boolean {
  try {
    return kindOfFile(file) === kind;
  } catch {
    return false;
  }
}
