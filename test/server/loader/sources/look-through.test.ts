import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expandPath } from '../../../../server/loader/sources/expand-path.js';
import { lookThrough } from '../../../../server/loader/sources/look-through.js';

let cwd: string;
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'halftone look [a] '))));
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(cwd, dirname(name)), { recursive: true });
    writeFileSync(join(cwd, name), 'a\n1\n');
  }
}

test('finds what the look at the start finds, and refuses what it refuses', async () => {
  const many = Array.from({ length: 600 }, (_, i) => `many/k=${i % 3}/${i}.csv`);
  write(
    ...many,
    'many/_notes/x.csv',
    'many/.hidden.csv',
    'many/read.me',
    'ü/🙂.csv',
    'ü/\uffee.csv',
  );
  mkdirSync(join(cwd, 'empty'));
  symlinkSync('0.csv', join(cwd, 'many/k=0/link.csv'));
  symlinkSync('nowhere.csv', join(cwd, 'many/k=0/broken.csv'));
  const paths = [
    'many',
    'many/',
    'many/**/*.csv',
    'many/*/1*.csv',
    'ü',
    'ü/*',
    'many/k=1/1.csv',
    join(cwd, 'many'),
  ];
  for (const path of paths) {
    const found = await lookThrough(path, cwd);
    expect(found).toEqual(expandPath(path, cwd));
    expect(found.files.length).toBeGreaterThan(0);
  }
  for (const path of ['empty', 'empty/*.csv', 'nothing', 'nothing/*.csv', 'many/k=0/broken.csv']) {
    let reason: unknown;
    try {
      expandPath(path, cwd);
    } catch (error) {
      reason = error;
    }
    expect(reason).toBeInstanceOf(Error);
    await expect(lookThrough(path, cwd)).rejects.toThrow((reason as Error).message);
  }
});
