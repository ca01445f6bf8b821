import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { halftone, killAll, WAIT, type Halftone } from '../helpers/halftone-process.js';
import { snapshotsOf } from '../helpers/snapshot-files.js';
import { ensureKernel } from '../server/loader/csv/helpers/load.js';

// Whole processes, each with its loads: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let folder: string;
let cache: string;
beforeEach(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone two ü '));
  cache = join(folder, 'cache');
  for (const name of ['both', 'second']) writeTable(name, 1000);
});
afterEach(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

function writeTable(name: string, rows: number): void {
  const lines = Array.from({ length: rows }, (_, row) => `${row},${row / 7}\n`);
  writeFileSync(join(folder, `${name}.csv`), `n,x\n${lines.join('')}`);
}

const start = (...names: string[]): Halftone =>
  halftone([...names, '--separate', '--port', '0', '--cache-dir', 'cache'], { cwd: folder });

const beside = (): string[] => readdirSync(cache).filter((name) => name.startsWith('beside-'));

const mean = async (server: Halftone, dataset: string): Promise<number> =>
  (await server.frame({ dataset, mark: 'value', aggregate: { op: 'mean', column: 'n' } })).status;

describe('two servers on one cache folder', () => {
  test('share what the first loads; the second follows it', async () => {
    const first = start('both.csv');
    const { snapshot } = await first.settled('both');
    const second = start('both.csv');
    expect(await second.settled('both')).toMatchObject({ status: 'ready', snapshot });
    expect(second.stderr()).not.toContain('Another process');
    expect(await mean(second, 'both')).toBe(200);

    writeTable('both', 3000);
    const told: (string | null)[] = [];
    await vi.waitFor(async () => {
      for (const server of [first, second]) {
        const info = await server.dataset('both');
        expect(info).toMatchObject({ status: 'ready', rows: 3000 });
        told.push(info.snapshot);
      }
    }, WAIT);
    expect(await mean(second, 'both')).toBe(200);
    for (const server of [first, second]) expect(await server.stop()).toBe(0);
  });

  test('the second says that it keeps its own loads apart, and leaves none behind', async () => {
    const first = start('both.csv');
    await first.settled('both');
    const second = start('both.csv', 'second.csv');
    expect(await second.settled('second')).toMatchObject({ status: 'ready', rows: 1000 });
    expect(second.stderr()).toContain(
      `Another process writes to the cache folder ${cache}; what this one loads is kept until it ends.`,
    );
    expect(beside().length).toBe(1);
    expect(await mean(second, 'second')).toBe(200);
    expect(await second.stop()).toBe(0);
    expect(beside()).toEqual([]);
    expect(snapshotsOf(cache, 'second')).toEqual([]);
    expect(await first.stop()).toBe(0);
  });

  test('the second writes when the first is gone, however it went', async () => {
    const first = start('both.csv');
    await first.settled('both');
    const second = start('both.csv');
    await second.settled('both');
    await first.kill();
    writeTable('both', 3000);
    await vi.waitFor(async () => expect((await second.dataset('both')).rows).toBe(3000), WAIT);
    expect(second.stderr()).not.toContain('Another process');
    expect(snapshotsOf(cache, 'both')[0]!.manifest.rows).toBe(3000);
    expect(await second.stop()).toBe(0);
  });

  test('what a killed second one kept apart is swept at the next start', async () => {
    const first = start('both.csv');
    await first.settled('both');
    const second = start('second.csv');
    await second.settled('second');
    expect(beside().length).toBe(1);
    await second.kill();
    const third = start('both.csv');
    await third.settled('both');
    expect(beside()).toEqual([]);
    expect((await first.dataset('both')).status).toBe('ready');
    for (const server of [first, third]) expect(await server.stop()).toBe(0);
  });
});
