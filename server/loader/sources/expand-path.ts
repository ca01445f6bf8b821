import { accessSync, constants, readdirSync, statSync, type Dirent } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { globSync, isDynamicPattern } from 'tinyglobby';
import { HalftoneError } from '../../errors.js';
import { nearest } from '../../nearest.js';

/** What one path of the command line stands for. */
export interface ExpandedPath {
  /** Absolute, in UTF-8 path order. */
  files: string[];
  /** The folder that was given or that a glob starts from; absent for a plain file. */
  root?: string;
}

/** Kinds of files a folder is searched for; whatever else lies in it is left alone. */
const DATA_FILE =
  /\.(?:csv|tsv|tab|psv|txt|json|jsonl|ndjson|parquet|pq|arrow|arrows|feather|ipc)(?:\.gz)?$/i;

/** Finds the files that a path, a folder or a quoted glob names. Throws where there are none. */
export function expandPath(path: string, cwd: string): ExpandedPath {
  const full = resolve(cwd, path);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (stat === undefined) {
    if (!isDynamicPattern(path)) throw missing(path, full);
    return globOf(path, cwd, globSync(path, globOptions(cwd)));
  }
  refuseUnreadable(path, full);
  if (stat.isDirectory()) return folderOf(path, full, dataFilesBelow(full));
  if (!stat.isFile()) {
    throw new HalftoneError('SOURCE_UNREADABLE', `${path} is neither a file nor a folder.`, {
      file: basename(path),
      hint: 'Write what it gives into a file first.',
    });
  }
  return { files: [full] };
}

/** What a folder stands for that holds these data files. */
export function folderOf(path: string, full: string, kept: readonly string[]): ExpandedPath {
  if (kept.length === 0) {
    throw new HalftoneError('SOURCE_NO_DATA', `The folder ${path} holds no data files.`, {
      file: path,
      hint: 'Data files end in .csv, .tsv, .parquet, .arrow, .jsonl, or one of these and .gz.',
    });
  }
  return { files: sortedByBytes(kept), root: full };
}

export const globOptions = (cwd: string) =>
  ({ cwd, absolute: true, onlyFiles: true, expandDirectories: false }) as const;

/** What a glob stands for that matches these files. */
export function globOf(pattern: string, cwd: string, found: readonly string[]): ExpandedPath {
  if (found.length === 0) {
    throw new HalftoneError('SOURCE_MISSING', `No file matches ${pattern}.`, {
      file: pattern,
      hint: `It was looked for from ${cwd}.`,
    });
  }
  const fixed: string[] = [];
  for (const part of pattern.split('/')) {
    if (isDynamicPattern(part)) break;
    fixed.push(part);
  }
  return {
    files: sortedByBytes(found.map((file) => resolve(file))),
    root: resolve(cwd, fixed.join('/') || (pattern.startsWith('/') ? '/' : '.')),
  };
}

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/**
 * The data files in a folder and those below it, in no order. Folders are looked through again and again: files are told by their entries, as a look at
 * each of 10,000 would take longer than all of the rest.
 */
function dataFilesBelow(folder: string, found: string[] = []): string[] {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (isFolderOfData(entry)) dataFilesBelow(path, found);
    else if (isDataFile(entry, path)) found.push(path);
  }
  return found;
}

export const isFolderOfData = (entry: Dirent): boolean =>
  entry.isDirectory() && !HIDDEN.test(entry.name);

export const isDataFile = (entry: Dirent, path: string): boolean =>
  !HIDDEN.test(entry.name) &&
  DATA_FILE.test(entry.name) &&
  (entry.isFile() || (entry.isSymbolicLink() && isFile(path)));

/** What begins with a dot or an underscore are notes of the tools that write data folders; `_key=value` is a part of the data. */
const HIDDEN = /^[._][^=]*$/;

/** Ascending by the bytes of their UTF-8 paths: the order of the rows. */
export const byBytes = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Paths in that order. Up to the surrogates UTF-16 has it too: 10,000 paths are sorted in 3 ms where comparing bytes takes 60. */
export function sortedByBytes(paths: readonly string[]): string[] {
  const isPlain = !paths.some((path) => /[\u{d800}-\u{10ffff}]/u.test(path));
  return isPlain ? paths.toSorted() : paths.toSorted(byBytes);
}

export function refuseUnreadable(path: string, full: string): void {
  try {
    accessSync(full, constants.R_OK);
  } catch (cause) {
    throw new HalftoneError('SOURCE_UNREADABLE', `${path} cannot be read: permission denied.`, {
      file: basename(path),
      hint: 'Allow the user who runs this to read it.',
      cause,
    });
  }
}

function missing(path: string, full: string): HalftoneError {
  const folder = dirname(full);
  let names: string[] | undefined;
  try {
    names = readdirSync(folder);
  } catch {
    // The folder is missing too, or closed: there is nothing to compare with.
  }
  const near = names === undefined ? undefined : nearest(basename(full), names);
  const hint =
    near !== undefined
      ? `Did you mean "${join(dirname(path), near)}"?`
      : names === undefined
        ? `There is no folder ${folder} either.`
        : `It was looked for in ${folder}.`;
  return new HalftoneError('SOURCE_MISSING', `There is no file ${path}.`, {
    file: basename(path),
    hint,
  });
}
