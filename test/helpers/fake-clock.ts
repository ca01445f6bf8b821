import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LIBRARY = 'libfaketimeMT.so.1';

/** A clock for a process of its own, which a test sets; only the time of day is affected, timers run on. */
export interface FakeClock {
  /** What the process is started through. */
  through: string[];
  /** Sets the time of day, as ISO 8601; it goes on from there. */
  set(time: string): void;
}

/** Makes a clock in a folder; undefined, with a plain line, where there is no libfaketime and none can be had without root. */
export function fakeClock(dir: string): FakeClock | undefined {
  const library = findLibrary() ?? unpackLibrary();
  if (library === undefined) {
    console.warn('SKIPPED: no libfaketime here (Debian: apt-get install libfaketime).');
    return undefined;
  }
  const file = join(dir, 'clock');
  return {
    through: [
      'env',
      `LD_PRELOAD=${library}`,
      `FAKETIME_TIMESTAMP_FILE=${file}`,
      'FAKETIME_NO_CACHE=1',
      'FAKETIME_DONT_FAKE_MONOTONIC=1',
      'NO_FAKE_STAT=1',
    ],
    set(time) {
      const seconds = (Date.parse(time) - Date.now()) / 1000;
      writeFileSync(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds.toFixed(3)}\n`);
      renameSync(`${file}.new`, file);
    },
  };
}

function findLibrary(root = '/'): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const libraries = join(root, 'usr', 'lib');
  if (!existsSync(libraries)) return undefined;
  const folders = [libraries, ...readdirSync(libraries).map((name) => join(libraries, name))];
  return folders.map((dir) => join(dir, 'faketime', LIBRARY)).find((path) => existsSync(path));
}

/** Gets Debian's package and unpacks it in the temporary folder, which takes no rights; it stays there for the next run. */
function unpackLibrary(): string | undefined {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return undefined;
  const root = join(tmpdir(), `halftone-faketime-${process.getuid!()}`);
  const found = findLibrary(root);
  if (found !== undefined) return found;
  const dir = mkdtempSync(join(tmpdir(), 'halftone-faketime-'));
  const run = (command: string, ...args: string[]): boolean =>
    spawnSync(command, args, { cwd: dir, stdio: 'ignore', timeout: 60_000 }).status === 0;
  try {
    // Without lists of packages there is nothing to get: only root may bring them up to date.
    const isThere = run('apt-get', 'download', 'libfaketime');
    if (!isThere && !(run('apt-get', 'update') && run('apt-get', 'download', 'libfaketime')))
      return undefined;
    const [deb] = readdirSync(dir).filter((name) => name.endsWith('.deb'));
    mkdirSync(root, { recursive: true });
    return run('dpkg-deb', '-x', deb!, root) ? findLibrary(root) : undefined;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
