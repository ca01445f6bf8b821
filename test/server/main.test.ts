import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));

/** Runs the entry in a folder of its own, where what it takes prints its name; times are seconds since 1970. */
function taken({ bundledAt, compiledAt }: { bundledAt?: number; compiledAt?: number }): string {
  const dist = mkdtempSync(join(tmpdir(), 'halftone-main-'));
  for (const folder of ['server', 'workers', 'protocol', 'bundle']) mkdirSync(join(dist, folder));
  writeFileSync(join(dist, 'package.json'), '{"type":"module"}');
  const write = (path: string, text: string, at: number | undefined): void => {
    if (at === undefined) return;
    writeFileSync(join(dist, path), text);
    utimesSync(join(dist, path), at, at);
  };
  copyFileSync(MAIN, join(dist, 'server', 'main.js'));
  write('server/command-line.js', 'console.log("compiled")', 1000);
  write('bundle/command-line.js', 'console.log("bundle")', bundledAt);
  write('workers/tsconfig.tsbuildinfo', '{}', compiledAt);
  return execFileSync(process.execPath, [join(dist, 'server', 'main.js')], {
    encoding: 'utf8',
  }).trim();
}

test('takes the bundle unless the compiler has run since', () => {
  expect(taken({ bundledAt: 2000, compiledAt: 1000 })).toBe('bundle');
  expect(taken({ bundledAt: 2000, compiledAt: 3000 })).toBe('compiled');
});

test('takes the bundle of a package, which tells nothing of the compiler, and does without one', () => {
  expect(taken({ bundledAt: 2000 })).toBe('bundle');
  expect(taken({ compiledAt: 1000 })).toBe('compiled');
  expect(taken({})).toBe('compiled');
});
