import { basename, dirname, resolve } from 'node:path';
import type { Finding } from '../../../protocol/dataset.js';
import { HalftoneError } from '../../errors.js';
import type { SourceKind } from '../../snapshots/manifest.js';
import { columnNamesOf } from '../csv/detect-csv.js';
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
  /** The column names of a file that only a loader child may open; absent, such files count as alike. */
  describe?: (file: string, kind: SourceKind) => Promise<readonly string[]>;
}

/** A source that cannot be loaded, under the name it would have had. */
export interface SourceProblem {
  name: string;
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
  columns: readonly string[];
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
      error: asProblem(path, error),
    });
  };
  const add = (name: string, files: readonly DataFile[], root?: string): void => {
    const united = root !== undefined;
    result.sources.push({
      name: names.give(name, root ?? basename(files[0]!.path)),
      kind: files[0]!.kind,
      files: files.map(({ path }) => path),
      ...(united ? { root } : {}),
      united,
      csv,
      strict,
    });
  };
  const open = async (path: string): Promise<DataFile> => {
    const kind = kindOfFile(path);
    return { path, kind, columns: await columnsOf(path, kind, csv, describe) };
  };

  const plain: DataFile[] = [];
  const seen = new Set<string>();
  /** Datasets in the order of the command line: plain files wait until it is known what belongs together. */
  const steps: (() => void)[] = [];
  for (const path of paths) {
    const full = resolve(cwd, path);
    if (seen.has(full)) continue;
    seen.add(full);
    try {
      const { files, root } = expandPath(path, cwd);
      if (root === undefined) {
        const file = await open(files[0]!);
        plain.push(file);
        steps.push(() => addPlain(file));
        continue;
      }
      const opened = await openAll(files, open, result, names);
      if (opened.length === 0) throw noneLeft(path);
      steps.push(() => addFolder(opened, root));
    } catch (error) {
      steps.push(() => fail(path, error));
    }
  }

  const done = new Set<DataFile>();
  function addPlain(file: DataFile): void {
    if (done.has(file)) return;
    const folder = dirname(file.path);
    const together = separate
      ? [file]
      : plain.filter((other) => dirname(other.path) === folder && isAlike(file, other));
    for (const each of together) done.add(each);
    if (together.length === 1) return add(nameOfFile(file.path), [file]);
    together.sort((a, b) => byBytes(a.path, b.path));
    add(nameOfFolder(folder), together, folder);
  }
  function addFolder(files: readonly DataFile[], root: string): void {
    if (separate) return files.forEach((file) => add(nameOfFile(file.path), [file]));
    const groups = related(files);
    if (groups.length > 1) {
      result.warnings.push({
        code: 'FOLDER_SPLIT',
        message: `${basename(root)} holds ${groups.length} tables with different columns; each is a dataset of its own.`,
        file: root,
      });
    }
    for (const group of groups) {
      const alone = group.length === 1 && !group[0]!.path.slice(root.length).includes('=');
      if (alone) add(nameOfFile(group[0]!.path), group);
      else add(nameOfFolder(root), group, root);
    }
  }
  for (const step of steps) step();
  return result;
}

/** Opens the files of a folder; a bad one is left out and told, the others go on. */
async function openAll(
  files: readonly string[],
  open: (path: string) => Promise<DataFile>,
  result: ResolvedSources,
  names: NameGiver,
): Promise<DataFile[]> {
  const opened: DataFile[] = [];
  for (const file of files) {
    try {
      opened.push(await open(file));
    } catch (error) {
      const problem = asProblem(file, error);
      if (problem.code === 'SOURCE_EMPTY') {
        const message = `${basename(file)} is empty and left out.`;
        result.warnings.push({ code: 'FILE_EMPTY', message, file: basename(file) });
      } else {
        result.problems.push({ name: names.give(nameOfFile(file), file), error: problem });
      }
    }
  }
  return opened;
}

async function columnsOf(
  path: string,
  kind: SourceKind,
  csv: CsvOptions,
  describe: ResolveOptions['describe'],
): Promise<readonly string[]> {
  if (kind !== 'csv') return (await describe?.(path, kind)) ?? [];
  return columnNamesOf(path, csv);
}

/** One schema: the same kind and the same column names, in any order. */
function isAlike(a: DataFile, b: DataFile): boolean {
  if (a.kind !== b.kind || a.columns.length !== b.columns.length) return false;
  const names = new Set(a.columns);
  return b.columns.every((name) => names.has(name));
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
  const common = b.columns.filter((name) => names.has(name)).length;
  return common * 2 >= Math.min(a.columns.length, b.columns.length);
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
