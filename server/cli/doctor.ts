import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createPool } from '../pool.js';
import { formatBytes } from './byte-size.js';
import { openCacheDir } from './cache-dir.js';
import { EXIT } from './exit-codes.js';
import type { Terminal } from './terminal.js';

const run = promisify(execFile);

/** Less than this on the cache's disk is worth a word. */
const LITTLE_SPACE = 2 ** 30;

interface Finding {
  isGood: boolean;
  what: string;
}

/** Checks what Halftone needs of this machine, and says each in a line. */
export async function doctor(cacheDir: string | undefined, terminal: Terminal): Promise<number> {
  const checks: Promise<Finding>[] = [
    attempt(async () => `Node.js ${process.version} on ${process.platform} ${process.arch}`),
    attempt(async () => {
      const folder = await openCacheDir(cacheDir, terminal);
      const { bavail, bsize } = await statfs(folder);
      const free = bavail * bsize;
      if (free < LITTLE_SPACE) throw new Error(`only ${formatBytes(free)} are free in ${folder}`);
      return `the cache folder ${folder} can be written; ${formatBytes(free)} are free`;
    }),
    attempt(async () => {
      const pool = createPool({ threads: 1 });
      try {
        await pool.run('ping', 1);
        return 'worker threads start';
      } finally {
        await pool.close();
      }
    }),
    attempt(async () => {
      // In a process of its own, as everywhere: a library that does not load may end its process.
      const script = `import('@duckdb/node-api').then(({ version }) => console.log(version()))`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
        cwd: new URL('.', import.meta.url),
        timeout: 30_000,
      });
      return `DuckDB ${stdout.trim()} loads`;
    }),
    attempt(async () => `${formatBytes(terminal.totalMemory)} of memory`),
  ];
  const findings = await Promise.all(checks);
  for (const { isGood, what } of findings) terminal.out(`${isGood ? 'ok  ' : 'BAD '} ${what}\n`);
  return findings.every(({ isGood }) => isGood) ? EXIT.ok : EXIT.failure;
}

async function attempt(check: () => Promise<string>): Promise<Finding> {
  try {
    return { isGood: true, what: await check() };
  } catch (error) {
    const [line] = (error as Error).message.split('\n');
    return { isGood: false, what: line ?? 'failed without a word' };
  }
}
