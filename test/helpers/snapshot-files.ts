import { closeSync, openSync, readdirSync, readFileSync, readSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Manifest } from '../../server/snapshots/manifest.js';

/** A snapshot as its files are on disk. */
export interface SnapshotFiles {
  dir: string;
  manifest: Manifest;
}

/** Every file below a folder, by its path in it. */
export function filesBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' });
}

/** What unfinished writers have left below a folder. */
export function partialsBelow(dir: string): string[] {
  return filesBelow(dir).filter((path) => path.includes('partial'));
}

/** The snapshots of a dataset in a cache folder that have a readable manifest, newest first. */
export function snapshotsOf(cache: string, dataset: string): SnapshotFiles[] {
  return filesBelow(cache)
    .filter((path) => path.endsWith('manifest.json'))
    .flatMap((path) => {
      const dir = dirname(join(cache, path));
      try {
        const manifest = JSON.parse(readFileSync(join(cache, path), 'utf8')) as Manifest;
        return manifest.dataset === dataset ? [{ dir, manifest }] : [];
      } catch {
        return [];
      }
    })
    .sort((a, b) => (a.manifest.id < b.manifest.id ? 1 : -1));
}

/** Changes one bit of a file. */
export function flipBit(path: string, offset: number, bit = 3): void {
  const file = openSync(path, 'r+');
  try {
    const byte = new Uint8Array(1);
    if (readSync(file, byte, 0, 1, offset) !== 1) throw new Error(`No byte ${offset} in ${path}.`);
    byte[0]! ^= 1 << bit;
    writeSync(file, byte, 0, 1, offset);
  } finally {
    closeSync(file);
  }
}
