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

/** Hive percent-encodes what a folder name cannot hold. */
function unescapeFolder(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
