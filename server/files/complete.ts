import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';

/** More entries than this are not looked at: nobody reads them. */
const MAX_ENTRIES = 100;
const DATA_FILE =
  /\.(?:csv|tsv|txt|parquet|pq|arrow|arrows|feather|ipc|json|jsonl|ndjson)(?:\.gz)?$/iu;

/** One way to go on with a path. */
export interface Completion {
  /** Absolute; a folder ends with a separator. */
  path: string;
  kind: 'folder' | 'file';
  bytes: number | null;
}

/** Folders and data files whose path begins with `prefix`, folders first; hidden ones only when asked for. */
export async function completePath(
  prefix: string,
): Promise<{ prefix: string; entries: Completion[]; truncated: boolean }> {
  const wanted = expand(prefix);
  const isFolder = wanted.endsWith(sep);
  const folder = isFolder ? wanted : dirname(wanted);
  const start = isFolder ? '' : basename(wanted).toLowerCase();
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const fitting = entries.filter(({ name }) => {
    return name.toLowerCase().startsWith(start) && (start.startsWith('.') || !name.startsWith('.'));
  });
  const found: Completion[] = [];
  for (const { name } of fitting.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, name);
    // Through links too; what cannot be looked at is left out.
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isDirectory()) found.push({ path: path + sep, kind: 'folder', bytes: null });
    else if (stats?.isFile() && DATA_FILE.test(name)) {
      found.push({ path, kind: 'file', bytes: stats.size });
    }
    if (found.length > MAX_ENTRIES) break;
  }
  const sorted = found
    .slice(0, MAX_ENTRIES)
    .sort((a, b) => Number(a.kind === 'file') - Number(b.kind === 'file'));
  return { prefix: wanted, entries: sorted, truncated: found.length > MAX_ENTRIES };
}

/** A path as a shell reads it: `~` is the home folder. */
export function fromHome(path: string): string {
  return /^~(?:$|[/\\])/u.test(path) ? join(homedir(), path.slice(1)) : path;
}

function expand(prefix: string): string {
  const absolute = resolve(prefix === '' ? homedir() : fromHome(prefix));
  const isFolder = prefix === '' || prefix === '~' || /[/\\]$/u.test(prefix);
  return isFolder && !absolute.endsWith(sep) ? absolute + sep : absolute;
}
