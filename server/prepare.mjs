// What `npm start` and `npm test` need before anything of ours can run. Node's own modules only: on a fresh clone
// nothing else is there yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const LOCK = join(ROOT, 'package-lock.json');
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json');
const BUILT = join(ROOT, 'dist', '.built');
const SOURCES = ['protocol', 'workers', 'server', 'client', 'package-lock.json', 'vite.config.ts'];

/** Runs a command to its end with our own output; a failure ends this process with the same code. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs the JavaScript entry of an installed package with this Node, on every platform alike. */
export function runPackage(entry, args, options) {
  run(process.execPath, [join(ROOT, 'node_modules', ...entry.split('/')), ...args], options);
}

/** Installs the locked dependencies where they are missing or older than the lock file. */
export function ensureInstalled() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Halftone needs Node 20.19 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  if (existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(LOCK).mtimeMs) return;
  // A checkout can make the lock file look newer than what it describes: only a difference costs an install.
  if (existsSync(INSTALLED) && sameVersions()) return;
  console.error('Installing the dependencies (once) …');
  const npm = process.env.npm_execpath;
  const quiet = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (npm?.endsWith('.js')) run(process.execPath, [npm, ...quiet], { stdio: ['ignore', 2, 2] });
  else run('npm', quiet, { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
}

function sameVersions() {
  const wanted = JSON.parse(readFileSync(LOCK, 'utf8')).packages;
  const present = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || optional || present[path]?.version === version,
  );
}

/** Builds server, workers, kernels and page where a source is newer than the last build. */
export function ensureBuilt() {
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs >= newestSource()) return;
  console.error('Building …');
  run(process.execPath, [join(ROOT, 'server', 'build.mjs')], { stdio: ['ignore', 2, 2] });
}

/** Notes that everything that exists now has been built; `startedAt` in milliseconds since 1970. */
export function markBuilt(startedAt) {
  mkdirSync(dirname(BUILT), { recursive: true });
  writeFileSync(BUILT, `${new Date(startedAt).toISOString()}\n`);
}

function newestSource() {
  return Math.max(...SOURCES.map((name) => newest(join(ROOT, name))));
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
