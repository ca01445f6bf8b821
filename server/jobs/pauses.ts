import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFile } from '../snapshots/durable.js';

/** The datasets whose schedules people have paused, kept in the cache folder over restarts. */
export interface Pauses {
  /** Since when, as ISO 8601; undefined where its schedule is in force. */
  since(dataset: string): string | undefined;
  /** Pauses from `at` on, or resumes. Rejects where that cannot be kept; it is in force until the next start then. */
  set(dataset: string, at: string | undefined): Promise<void>;
}

export function openPauses(cacheDir: string): Pauses {
  const path = join(cacheDir, 'runs', 'paused.json');
  const paused = new Map(Object.entries(read(path)));
  return {
    since: (dataset) => paused.get(dataset),
    async set(dataset, at) {
      if (at === undefined) paused.delete(dataset);
      else paused.set(dataset, at);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await replaceFile(path, JSON.stringify(Object.fromEntries(paused)));
    },
  };
}

// What cannot be read pauses nothing.
function read(path: string): Record<string, string> {
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as unknown;
    return typeof found === 'object' && found !== null ? (found as Record<string, string>) : {};
  } catch {
    return {};
  }
}
