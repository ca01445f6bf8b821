import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { halftone, killAll, WAIT, type Halftone } from '../helpers/halftone-process.js';
import { ensureKernel } from '../server/loader/csv/helpers/load.js';

// Whole processes, each with its loads: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let folder: string;
beforeEach(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone restart ü '));
});
afterEach(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

const pathOf = (name: string): string => join(folder, `${name}.csv`);
const write = (name: string, numbers: readonly number[]): void =>
  writeFileSync(pathOf(name), `n\n${numbers.join('\n')}\n`);
const start = (...names: string[]): Halftone => {
  const files = names.map((name) => `${name}.csv`);
  return halftone([...files, '--separate', '--port', '0', '--cache-dir', 'cache'], { cwd: folder });
};

async function numbersOf(server: Halftone, dataset: string): Promise<unknown[]> {
  const response = await server.frame({ dataset, mark: 'rows', columns: ['n'] });
  expect(response.status).toBe(200);
  const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()));
  return Array.from(table.getChild('n')!, Number);
}

test('a dataset is there again without a look into its file', async () => {
  write('same', [1, 2, 3]);
  // A whole second can be set again exactly.
  const time = 1_700_000_000;
  utimesSync(pathOf('same'), time, time);
  const first = start('same');
  const { snapshot } = await first.settled('same');
  expect(await first.stop()).toBe(0);
  // Other content under the same name, size, inode and time: only who reads the file could see it.
  writeFileSync(pathOf('same'), 'n\n7\n8\n9\n', { flag: 'r+' });
  utimesSync(pathOf('same'), time, time);

  const second = start('same');
  expect(await second.settled('same')).toMatchObject({ status: 'ready', snapshot });
  expect(await numbersOf(second, 'same')).toEqual([1, 2, 3]);
  expect((await second.dataset('same')).stale).toBeUndefined();
  expect(await second.stop()).toBe(0);
});

test('a file that has changed is loaded anew while the old rows are served; one that is gone leaves its rows, and the reason', async () => {
  for (const name of ['changed', 'gone']) write(name, [1, 2, 3]);
  const first = start('changed', 'gone');
  for (const name of ['changed', 'gone']) await first.settled(name);
  expect(await first.stop()).toBe(0);
  write('changed', [4, 5, 6, 7]);
  rmSync(pathOf('gone'));

  const second = start('changed', 'gone');
  const gone = await second.settled('gone');
  expect(gone).toMatchObject({
    status: 'ready',
    rows: 3,
    stale: true,
    problem: {
      code: 'SOURCE_MISSING',
      detail: `The file "gone.csv" does not exist. "gone" is served as it was loaded on ${gone.createdAt}.`,
    },
  });
  expect(await numbersOf(second, 'gone')).toEqual([1, 2, 3]);
  expect(second.stderr()).toContain('is served as it was loaded on');
  await vi.waitFor(async () => {
    const { rows, stale } = await second.dataset('changed');
    expect({ rows, stale }).toEqual({ rows: 4, stale: undefined });
  }, WAIT);
  expect(await numbersOf(second, 'changed')).toEqual([4, 5, 6, 7]);

  // It comes back as another one, and is loaded.
  write('gone', [8, 9]);
  await vi.waitFor(async () => {
    const { rows, stale, problem } = await second.dataset('gone');
    expect({ rows, stale, problem }).toEqual({ rows: 2, stale: undefined, problem: undefined });
  }, WAIT);
  expect(await numbersOf(second, 'gone')).toEqual([8, 9]);
  expect(await second.stop()).toBe(0);
});
