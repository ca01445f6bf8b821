import { basename, dirname, resolve } from 'node:path';
import type { Finding } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import type { SourceKind } from '../../snapshots/manifest.js';
import { columnNamesOf } from '../csv/detect-csv.js';
import type { FileToDescribe } from '../messages.js';
import type { CsvOptions, DatasetSource } from '../source.js';
import { byBytes, expandPath } from './expand-path.js';
import { kindOfFile } from './source-kind.js';
import { NameGiver, nameOfFile, nameOfFolder } from './source-name.js';

export interface ResolveOptions {
  /** Keep files apart that would make one dataset. */
  separate?: boolean;
  csv?: CsvOptions;
  strict?: boolean;
  /** Relative paths are counted from here. */
  cwd: string;
  /** The column names of files that only a loader child may open, or why they cannot be read. */
  describe: DescribeFiles;
}

export type DescribeFiles = (
  files: readonly FileToDescribe[],
) => Promise<(readonly string[] | HalftoneError)[]>;

/** A source that cannot be loaded, under the name it would have had. */
export interface SourceProblem {
  name: string;
  /** Absolute. */
  path: string;
  error: HalftoneError;
}

export interface ResolvedSources {
  sources: DatasetSource[];
  warnings: Finding[];
  problems: SourceProblem[];
}

/** A file with what decides which others it belongs to. */
interface DataFile {
  path: string;
  kind: SourceKind;
  /** Absent as long as nobody needs to know them. */
  columns?: readonly string[];
}

/**
 * Turns the paths of a command line into datasets. Several files of one folder with one schema are one dataset, and
 * so are a folder and a glob; whatever cannot be loaded is told among `problems` and harms nothing else.
 */
export async function resolveSources(
  paths: readonly string[],
  { separate = false, csv = {}, strict = false, cwd, describe }: ResolveOptions,
): Promise<ResolvedSources> {
  const names = new NameGiver();
  const result: ResolvedSources = { sources: [], warnings: names.warnings, problems: [] };
  const fail = (path: string, error: unknown): void => {
    result.problems.push({
      name: names.give(nameOfFile(path), path),
      path: resolve(cwd, path),
      error: asProblem(path, error),
    });
  };
  const add = (
    name: string,
    files: readonly DataFile[],
    { root, patterns }: Pick<DatasetSource, 'root' | 'patterns'> = {},
  ): void => {
    const united = root !== undefined;
    result.sources.push({
      name: names.give(name, root ?? basename(files[0]!.path)),
      kind: files[0]!.kind,
      files: files.map(({ path }) => path),
      ...(united ? { root } : {}),
      ...(patterns === undefined ? {} : { patterns }),
      united,
      csv,
      strict,
    });
  };
  const open = (path: string): DataFile => {
    const kind = kindOfFile(path);
    return kind === 'csv' ? { path, kind, columns: columnNamesOf(path, csv) } : { path, kind };
  };

  const plain: DataFile[] = [];
  const seen = new Set<string>();
  const folders: (readonly DataFile[])[] = [];
  /** Datasets in the order of the command line: plain files wait until it is known what belongs together. */
  const steps: (() => void)[] = [];
  for (const path of paths) {
    const full = resolve(cwd, path);
    if (seen.has(full)) continue;
    seen.add(full);
    try {
      const { files, root } = expandPath(path, cwd);
      if (root === undefined) {
        const file = open(files[0]!);
        plain.push(file);
        steps.push(() => addPlain(file));
        continue;
      }
      const opened = openAll(files, open, result, names);
      if (opened.length === 0) throw noneLeft(path);
      folders.push(opened);
      steps.push(() => addFolder(path, opened, root));
    } catch (error) {
      steps.push(() => fail(path, error));
    }
  }

  const faults = separate
    ? new Map<DataFile, HalftoneError>()
    : await nameColumns(neighbours(plain, folders), describe);
  const isSound = (file: DataFile): boolean => !faults.has(file);
  const done = new Set<DataFile>();
  function addPlain(file: DataFile): void {
    if (done.has(file)) return;
    if (!isSound(file)) return fail(file.path, faults.get(file));
    const folder = dirname(file.path);
    const together = separate
      ? [file]
      : plain.filter(
          (other) => dirname(other.path) === folder && isSound(other) && isAlike(file, other),
        );
    for (const each of together) done.add(each);
    if (together.length === 1) return add(nameOfFile(file.path), [file]);
    together.sort((a, b) => byBytes(a.path, b.path));
    add(nameOfFolder(folder), together, { root: folder });
  }
  function addFolder(path: string, files: readonly DataFile[], root: string): void {
    if (separate) return files.forEach((file) => add(nameOfFile(file.path), [file]));
    const sound = files.filter(isSound);
    for (const file of files) if (!isSound(file)) fail(file.path, faults.get(file));
    if (sound.length === 0) return fail(path, noneLeft(path));
    const groups = related(sound);
    if (groups.length > 1) {
      result.warnings.push({
        code: 'FOLDER_SPLIT',
        message: `${basename(root)} holds ${groups.length} tables with different columns; each is a dataset of its own.`,
        file: root,
      });
    }
    // Of several tables nobody knows to which of them the next file belongs.
    const patterns = groups.length === 1 ? [resolve(cwd, path)] : undefined;
    for (const group of groups) {
      const alone = group.length === 1 && !group[0]!.path.slice(root.length).includes('=');
      const found = patterns === undefined ? {} : { patterns };
      if (alone) add(nameOfFile(group[0]!.path), group, found);
      else add(nameOfFolder(root), group, { root, ...found });
    }
  }
  for (const step of steps) step();
  return result;
}

/** Opens the files of a folder; a bad one is left out and told, the others go on. */
function openAll(
  files: readonly string[],
  open: (path: string) => DataFile,
  result: ResolvedSources,
  names: NameGiver,
): DataFile[] {
  const opened: DataFile[] = [];
  for (const file of files) {
    try {
      opened.push(open(file));
    } catch (error) {
      const problem = asProblem(file, error);
      if (problem.code === 'SOURCE_EMPTY') {
        const message = `${basename(file)} is empty and left out.`;
        result.warnings.push({ code: 'FILE_EMPTY', message, file: basename(file) });
      } else {
        result.problems.push({
          name: names.give(nameOfFile(file), file),
          path: file,
          error: problem,
        });
      }
    }
  }
  return opened;
}

/** The files whose columns decide something: those with others of their kind beside them. */
function neighbours(
  plain: readonly DataFile[],
  folders: readonly (readonly DataFile[])[],
): DataFile[] {
  const isBeside = (a: DataFile, b: DataFile): boolean =>
    a !== b && a.kind === b.kind && dirname(a.path) === dirname(b.path);
  return [
    ...plain.filter((file) => plain.some((other) => isBeside(file, other))),
    ...folders.filter((files) => files.length > 1).flat(),
  ];
}

/** Asks for all columns that are not known yet at once. Gives the files that cannot be read, and why. */
async function nameColumns(
  files: readonly DataFile[],
  describe: DescribeFiles,
): Promise<Map<DataFile, HalftoneError>> {
  const faults = new Map<DataFile, HalftoneError>();
  const asked = files.filter(({ columns }) => columns === undefined);
  if (asked.length === 0) return faults;
  const answers = await describe(asked.map(({ path, kind }) => ({ path, kind })));
  for (const [i, file] of asked.entries()) {
    const answer = answers[i]!;
    if (answer instanceof HalftoneError) faults.set(file, answer);
    else file.columns = answer;
  }
  return faults;
}

/** One schema: the same kind and the same column names, in any order. */
function isAlike(a: DataFile, b: DataFile): boolean {
  if (a === b) return true;
  const { columns = [] } = b;
  if (a.kind !== b.kind || a.columns?.length !== columns.length) return false;
  const names = new Set(a.columns);
  return columns.every((name) => names.has(name));
}

/** Files that have at least half of their columns in common with the first of their group. */
function related(files: readonly DataFile[]): DataFile[][] {
  const groups: DataFile[][] = [];
  for (const file of files) {
    const group = groups.find(([first]) => isRelated(first!, file));
    if (group) group.push(file);
    else groups.push([file]);
  }
  return groups;
}

function isRelated(a: DataFile, b: DataFile): boolean {
  if (a.kind !== b.kind) return false;
  const names = new Set(a.columns);
  const { columns = [] } = b;
  const common = columns.filter((name) => names.has(name)).length;
  return common * 2 >= Math.min(names.size, columns.length);
}

function asProblem(path: string, error: unknown): HalftoneError {
  if (error instanceof HalftoneError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM') {
    return new HalftoneError('SOURCE_UNREADABLE', `${path} cannot be read: permission denied.`, {
      file: basename(path),
      hint: 'Allow the user who runs this to read it.',
      cause: error,
    });
  }
  return new HalftoneError(
    'SOURCE_INVALID',
    `${path} cannot be opened: ${(error as Error).message}`,
    {
      file: basename(path),
      cause: error,
    },
  );
}

function noneLeft(path: string): HalftoneError {
  return new HalftoneError(
    'SOURCE_NO_DATA',
    `The folder ${path} holds no data files that can be read.`,
    {
      file: path,
      hint: 'See the problems of its files.',
    },
  );
}
