import { basename } from 'node:path';
import type { Finding } from '../../../protocol/dataset.js';

/** The name a file gives its dataset: the base name without the extension; `.csv.gz` counts as one. */
export function nameOfFile(path: string): string {
  const base = basename(path);
  const name = base.replace(/(?<=.)\.gz$/i, '').replace(/(?<=.)\.[^.]*$/, '');
  // In an address these two are steps along a path, however they are encoded.
  return name === '.' || name === '..' ? base : name;
}

/** The name a folder gives its dataset: `trips` for `data/trips/`, and for `trips/year=2024` as well. */
export function nameOfFolder(path: string): string {
  const parts = path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  while (parts.length > 1 && parts.at(-1)!.includes('=')) parts.pop();
  return parts.at(-1) ?? 'data';
}

/** Hands out names: the second of two equal ones becomes `name-2`, with a warning. */
export class NameGiver {
  readonly warnings: Finding[] = [];
  readonly #taken = new Set<string>();

  give(name: string, source: string): string {
    let free = name;
    for (let i = 2; this.#taken.has(free); i++) free = `${name}-${i}`;
    this.#taken.add(free);
    if (free !== name) {
      this.warnings.push({
        code: 'NAME_TAKEN',
        message: `${source} is called "${free}" here: there is a dataset "${name}" already.`,
        file: source,
      });
    }
    return free;
  }
}
