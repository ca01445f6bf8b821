import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';

const SERVER = fileURLToPath(new URL('../../server/', import.meta.url));

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'halftone bytecode ü '));
  for (const name of ['run-cached.cjs', 'keep-bytecode.cjs'])
    copyFileSync(join(SERVER, name), join(dir, name));
});

/** Runs a file in a process of its own; gives what it prints, and whether its bytecode was taken. */
function run(file: string): { printed: string; rejected: boolean | null } {
  const script = `
    const { runCached } = require(${JSON.stringify(join(dir, 'run-cached.cjs'))});
    const { script, exports } = runCached(${JSON.stringify(file)});
    console.log(JSON.stringify([exports.printed, script.cachedDataRejected]));`;
  const out = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  const [printed, rejected] = JSON.parse(out) as [string, boolean | null];
  return { printed, rejected };
}

function write(name: string, word: string): string {
  const file = join(dir, `${name}.cjs`);
  writeFileSync(
    file,
    `const path = require('node:path');
     exports.printed = '${word} ' + path.basename(__filename) + ' ' + (new Error().stack.match(/:(\\d+):/)[1]);`,
  );
  return file;
}

function keep(name: string): void {
  execFileSync(process.execPath, [join(dir, 'keep-bytecode.cjs'), name]);
}

test('a file runs without bytecode, and the same with it', () => {
  const file = write('entry', 'first');
  expect(run(file)).toEqual({ printed: 'first entry.cjs 2', rejected: null });
  keep('entry');
  expect(readdirSync(dir).filter((name) => name.endsWith('.bytecode')).length).toBe(1);
  expect(run(file)).toEqual({ printed: 'first entry.cjs 2', rejected: false });
});

test('bytecode of another file, or damaged, is refused and the file is compiled', () => {
  const file = write('entry', 'first');
  keep('entry');
  write('entry', 'a second');
  expect(run(file)).toEqual({ printed: 'a second entry.cjs 2', rejected: true });
  keep('entry');
  const [bytecode] = readdirSync(dir).filter((name) => name.endsWith('.bytecode'));
  expect(existsSync(join(dir, bytecode!))).toBe(true);
  writeFileSync(join(dir, bytecode!), 'no bytecode');
  expect(run(file)).toEqual({ printed: 'a second entry.cjs 2', rejected: true });
});
