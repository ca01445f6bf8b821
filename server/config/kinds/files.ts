import { basename, dirname, resolve, sep } from 'node:path';
import { isDynamicPattern } from 'tinyglobby';
import { HalftoneError } from '../../errors.js';
import { expandPath, sortedByBytes, type ExpandedPath } from '../../loader/sources/expand-path.js';
import { lookThrough } from '../../loader/sources/look-through.js';
import { kindOfFile } from '../../loader/sources/source-kind.js';
import { csvOptionsOf, readingOf } from '../reading.js';
import type { MakeSource } from './kind.js';

/**
 * The files of a dataset. A glob, a folder or a list is a table of several files even where it finds one: its columns
 * do not depend on how many there are today.
 */
export const filesSource: MakeSource<'files'> = (dataset, { name, references: { dir } }) => {
  const patterns = [dataset.files].flat();
  const found = patterns.map((pattern) => expandPath(pattern, dir));
  const files = filesOf(found);
  const kinds = new Map(files.map((file) => [kindOfFile(file), file]));
  if (kinds.size > 1) {
    const [[one, first], [other, second]] = [...kinds] as [[string, string], [string, string]];
    throw new HalftoneError(
      'SOURCE_INVALID',
      `"${name}" mixes files of different kinds: ${basename(first)} is ${one}, ${basename(second)} is ${other}.`,
      { hint: 'Make a dataset of each kind.' },
    );
  }
  const kind = [...kinds.keys()][0]!;
  const united =
    patterns.length > 1 || isDynamicPattern(patterns[0]!) || found[0]!.root !== undefined;
  return {
    name,
    kind,
    files,
    ...(united
      ? {
          root: commonFolder(found.map(({ root, files: [file] }) => root ?? dirname(file!))),
          patterns: patterns.map((pattern) => resolve(dir, pattern)),
        }
      : {}),
    united,
    csv: kind === 'csv' ? csvOptionsOf(dataset) : {},
    strict: dataset.strict ?? false,
    ...readingOf(dataset),
  };
};

/** The files that a dataset would be read from now, in canonical order; why there are none, else. Reads no file. */
export async function filesNow(
  files: string | readonly string[],
  dir: string,
): Promise<string[] | string> {
  try {
    return filesOf(await Promise.all([files].flat().map((pattern) => lookThrough(pattern, dir))));
  } catch (error) {
    // Also a folder in it that went, or was closed, while it was being looked through: a look ends no server.
    return (error as Error).message;
  }
}

function filesOf(found: readonly ExpandedPath[]): string[] {
  return sortedByBytes([...new Set(found.flatMap(({ files }) => files))]);
}

/** The files that a refused dataset would have been read from, for people. */
export function namedFiles(files: string | readonly string[], dir: string): string[] {
  return [files].flat().map((pattern) => resolve(dir, pattern));
}

function commonFolder(folders: readonly string[]): string {
  const [first, ...others] = folders.map((folder) => folder.split(sep));
  let depth = first!.length;
  for (const parts of others) {
    const differs = first!.findIndex((part, i) => part !== parts[i]);
    depth = Math.min(depth, differs < 0 ? first!.length : differs);
  }
  return first!.slice(0, depth).join(sep) || sep;
}
