import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetSource } from '../loader/source.js';
import { replaceFile } from '../snapshots/durable.js';

/** What people opened from the start page, so that it is there again when Halftone starts without paths. */
export interface Opened {
  list(): Promise<DatasetSource[]>;
  /** Puts sources at the end; one of the same name takes the place of the earlier. */
  add(sources: readonly DatasetSource[]): Promise<void>;
  /** Drops the sources that are read from any of these files. */
  forget(files: readonly string[]): Promise<void>;
}

/** A list that is longer than this drops what was opened first. */
const MAX_SOURCES = 50;

/** Keeps the list in a file of the cache folder. What cannot be read counts as empty: it is only a convenience. */
export function createOpened(cacheDir: string): Opened {
  const path = join(cacheDir, 'opened.json');

  async function list(): Promise<DatasetSource[]> {
    const text = await readFile(path, 'utf8').catch(() => '[]');
    try {
      return (JSON.parse(text) as DatasetSource[]).filter(isSource);
    } catch {
      return [];
    }
  }

  // One after the other, so that two uploads at a time do not forget each other.
  let last: Promise<void> = Promise.resolve();
  function change(edit: (before: DatasetSource[]) => DatasetSource[]): Promise<void> {
    const write = async () => {
      const before = await list();
      const after = edit(before);
      if (after.length > 0 || before.length > 0) await replaceFile(path, JSON.stringify(after));
    };
    // On a disk that is full or read-only it is not remembered.
    last = last.then(write).catch(() => undefined);
    return last;
  }

  return {
    list,
    add: (sources) =>
      change((before) => {
        const names = new Set(sources.map(({ name }) => name));
        return [...before.filter(({ name }) => !names.has(name)), ...sources].slice(-MAX_SOURCES);
      }),
    forget: (files) =>
      change((before) => {
        const gone = new Set(files);
        return before.filter((source) => !source.files.some((file) => gone.has(file)));
      }),
  };
}

function isSource(value: unknown): value is DatasetSource {
  const { name, files, csv } = (value ?? {}) as Partial<DatasetSource>;
  return typeof name === 'string' && Array.isArray(files) && typeof csv === 'object';
}
