import { relative, sep } from 'node:path';
import type { DatasetSource } from '../source.js';

/** One `key=value` folder on the way to a file. */
export interface Partition {
  name: string;
  /** Null for Hive's `__HIVE_DEFAULT_PARTITION__`. */
  value: string | null;
}

/** What a file of several is called in the column `filename`: its path from the dataset's folder, with slashes. */
export function fileLabel(source: Pick<DatasetSource, 'root'>, file: string): string {
  const path = source.root === undefined ? file : relative(source.root, file);
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/** The `key=value` folders between the dataset's folder and the file. */
export function partitionsOf(source: Pick<DatasetSource, 'root'>, file: string): Partition[] {
  const folders = fileLabel(source, file).split('/').slice(0, -1);
  const partitions: Partition[] = [];
  for (const folder of folders) {
    const at = folder.indexOf('=');
    if (at <= 0) continue;
    const value = unescapeFolder(folder.slice(at + 1));
    partitions.push({
      name: unescapeFolder(folder.slice(0, at)),
      value: value === '__HIVE_DEFAULT_PARTITION__' || value === '' ? null : value,
    });
  }
  return partitions;
}

/** A column that is the same in all rows of a file: a `key=value` folder, or the file's name. */
export interface FileColumn {
  name: string;
  type: 'BIGINT' | 'VARCHAR';
  /** By file. */
  values: (string | null)[];
}

/** What a united dataset has beside the columns of its files; a column of the same name in the files goes first. */
export function fileColumnsOf(
  files: readonly { label: string; partitions: readonly Partition[] }[],
  columns: { has(name: string): boolean },
): FileColumn[] {
  const names = new Set(files.flatMap(({ partitions }) => partitions.map(({ name }) => name)));
  const found: FileColumn[] = [];
  for (const name of names) {
    if (columns.has(name)) continue;
    const values = files.map(
      ({ partitions }) => partitions.find((each) => each.name === name)?.value ?? null,
    );
    const whole = values.every((value) => value === null || /^-?(?:0|[1-9]\d{0,17})$/.test(value));
    found.push({ name, type: whole ? 'BIGINT' : 'VARCHAR', values });
  }
  if (!columns.has('filename')) {
    found.push({ name: 'filename', type: 'VARCHAR', values: files.map(({ label }) => label) });
  }
  return found;
}

/** Hive percent-encodes what a folder name cannot hold. */
function unescapeFolder(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
