import { canonicalJson } from '../../protocol/canonical.js';
import type { DatasetSource } from '../loader/source.js';
import { expandPath, type ExpandedPath } from '../loader/sources/expand-path.js';
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
export function followPatterns(
  catalog: Pick<Catalog, 'get' | 'replace' | 'sources'>,
  { cwd, isOthers }: FollowOptions,
): void {
  const sources = catalog.sources();
  // What was given by its own name, or was refused at the start, is a dataset of its own.
  const apart = new Set(sources.filter(isOneFile).flatMap(({ files }) => files));
  for (const source of sources) {
    if (isOthers(source.name) || catalog.get(source.name).progress !== undefined) continue;
    const now = withFilesNow(source, { cwd, apart });
    if (canonicalJson(now) !== canonicalJson(source)) catalog.replace(now, 'change');
  }
}

const isOneFile = ({ patterns, files }: DatasetSource): boolean =>
  patterns === undefined && files.length === 1;

/** A source with the files that it would have today; as it is where there are none left. */
function withFilesNow(
  source: DatasetSource,
  place: { cwd: string; apart: ReadonlySet<string> },
): DatasetSource {
  const { patterns, sql, kind } = source;
  if (sql !== undefined) {
    const inputs = sql.inputs.map((input) => withFilesNow(input, place));
    return { ...source, sql: { ...sql, inputs } };
  }
  if (patterns === undefined) return source;
  const known = new Set(source.files);
  const found = patterns.map((pattern) => maybeExpand(pattern, place.cwd));
  const files = found
    .flatMap((each) => each?.files ?? [])
    .filter((file) => known.has(file) || (!place.apart.has(file) && isOfKind(file, kind)));
  if (files.length === 0) return source;
  const isStillOne = !source.united && files.length === 1;
  const root = source.root ?? found.find((each) => each !== undefined)?.root;
  return isStillOne
    ? { ...source, files }
    : { ...source, files, united: true, ...(root !== undefined && { root }) };
}

/** What a pattern names now; undefined where that is nothing, or cannot be seen: the rows stay as they are. */
function maybeExpand(pattern: string, cwd: string): ExpandedPath | undefined {
  try {
    const isBelow = pattern.startsWith(`${cwd}/`);
    return expandPath(isBelow ? pattern.slice(cwd.length + 1) : pattern, cwd);
  } catch {
    return undefined;
  }
}

/** Whether a file can be read by now, and as the others are: one that was just made may be empty. */
function isOfKind(file: string, kind: DatasetSource['kind']): boolean {
  try {
    return kindOfFile(file) === kind;
  } catch {
    return false;
  }
}
