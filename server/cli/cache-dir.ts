import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { usageError } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** The user's cache folder for Halftone: `$XDG_CACHE_HOME/halftone`, or where the system keeps such things. */
export function defaultCacheDir(env: Terminal['env'], platform: NodeJS.Platform): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = env;
  // The specification has relative paths ignored.
  if (xdg !== undefined && resolve(xdg) === xdg.replace(/\/+$/u, '')) return join(xdg, 'halftone');
  if (platform === 'win32' && local !== undefined) return join(local, 'halftone', 'cache');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'halftone');
  return join(homedir(), '.cache', 'halftone');
}

/**
 * Makes sure that there is a cache folder to write to. A folder that was named has to do; where the default one
 * cannot be written, one in the temporary folder serves.
 */
export async function openCacheDir(named: string | undefined, terminal: Terminal): Promise<string> {
  const wanted = resolve(terminal.cwd, named ?? defaultCacheDir(terminal.env, terminal.platform));
  const error = await tryFolder(wanted);
  if (error === undefined) return wanted;
  if (named !== undefined) {
    throw usageError(`The cache folder ${wanted} cannot be written: ${error.message}.`);
  }
  const fallback = join(tmpdir(), `halftone-${userInfo().username}`);
  const second = await tryFolder(fallback);
  if (second !== undefined) throw second;
  terminal.err(`The cache folder ${wanted} cannot be written; ${fallback} is used.\n`);
  return fallback;
}

async function tryFolder(path: string): Promise<Error | undefined> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
