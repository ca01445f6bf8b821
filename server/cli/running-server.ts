import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../snapshots/durable.js';

/** Where the server that writes a cache folder listens, for commands that talk to it. */
export interface RunningServer {
  /** Base path included. */
  url: string;
  pid: number;
}

const pathIn = (cacheDir: string): string => join(cacheDir, 'server.json');

/** Says in the cache folder where this process listens; gives what takes that back. */
export async function announceServer(cacheDir: string, url: string): Promise<() => void> {
  const own: RunningServer = { url, pid: process.pid };
  // Who cannot find the server can be told where it is.
  await replaceFile(pathIn(cacheDir), `${JSON.stringify(own)}\n`).catch(() => undefined);
  return () => {
    if (findServer(cacheDir)?.pid !== own.pid) return;
    try {
      rmSync(pathIn(cacheDir), { force: true });
    } catch {
      // The folder cannot be written any more: nothing will answer there, which says the same.
    }
  };
}

/** The server that has said so in the cache folder; it may be gone since. */
export function findServer(cacheDir: string): RunningServer | undefined {
  try {
    const found = JSON.parse(readFileSync(pathIn(cacheDir), 'utf8')) as Partial<RunningServer>;
    return typeof found.url === 'string' && typeof found.pid === 'number'
      ? (found as RunningServer)
      : undefined;
  } catch {
    return undefined;
  }
}
