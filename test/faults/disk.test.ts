import { spawnSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Run } from '../../protocol/run.js';
import { halftone, killAll, WAIT, type Halftone } from '../helpers/halftone-process.js';
import { partialsBelow, snapshotsOf } from '../helpers/snapshot-files.js';
import { ensureKernel } from '../server/loader/csv/helpers/load.js';
import { mountDisk, type SmallDisk } from './tmpfs.js';

// Whole processes, each with its loads: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let folder: string;
let disk: SmallDisk | undefined;
beforeEach(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone disk ü '));
  writeTable('small', 1000);
  // About 9 MB of doubles and texts that are all different.
  writeTable('large', 300_000);
});
afterEach(async () => {
  await killAll();
  disk?.remove();
  disk = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function writeTable(name: string, rows: number): void {
  const lines = Array.from({ length: rows }, (_, row) => `${row / 7},${row * 7919},text ${row}\n`);
  writeFileSync(join(folder, `${name}.csv`), `x,y,text\n${lines.join('')}`);
}

const frameOf = (server: Halftone, dataset: string): Promise<Response> =>
  server.frame({ dataset, mark: 'histogram', x: 'x' });

const start = (cache: string, through: readonly string[] = []): Halftone =>
  halftone(['small.csv', 'large.csv', '--separate', '--port', '0', '--cache-dir', cache], {
    cwd: folder,
    through,
  });

describe('a disk that is full', () => {
  test('is told in a sentence, costs no other dataset, and keeps nothing unfinished', async (context) => {
    disk = mountDisk(join(folder, 'small disk ü'), 4);
    if (disk === undefined) return context.skip('No disk can be mounted here.');
    const server = start('small disk ü');
    expect(await server.settled('large')).toMatchObject({
      status: 'failed',
      problem: {
        code: 'DISK_FULL',
        detail: `The disk of the cache folder "${disk.dir}" is full.`,
        hint: expect.stringContaining('--cache-dir') as string,
      },
    });
    expect(await server.settled('small')).toMatchObject({ status: 'ready', rows: 1000 });
    expect((await frameOf(server, 'small')).status).toBe(200);
    expect((await frameOf(server, 'large')).status).toBe(507);
    expect(partialsBelow(disk.dir)).toEqual([]);
    const upload = await fetch(`${await server.address()}/api/v1/uploads/big.csv`, {
      method: 'PUT',
      body: new Uint8Array(8e6).fill(65),
    });
    expect(upload.status).toBe(507);
    expect(await upload.json()).toMatchObject({
      code: 'DISK_FULL',
      detail: 'The disk is full: "big.csv" could not be kept.',
    });
    expect(partialsBelow(disk.dir)).toEqual([]);
    expect(server.stderr()).toContain('is full');
    expect(server.stderr()).not.toMatch(/^\s+at /mu);
    expect(await server.stop()).toBe(0);

    // Full to the last byte it still serves what is there.
    expect(() => writeFileSync(join(disk!.dir, 'filler'), new Uint8Array(8e6))).toThrow('ENOSPC');
    const again = start('small disk ü');
    expect(await again.settled('small')).toMatchObject({ status: 'ready', rows: 1000 });
    expect((await frameOf(again, 'small')).status).toBe(200);
    expect(await again.settled('large')).toMatchObject({ problem: { code: 'DISK_FULL' } });
    expect(await again.stop()).toBe(0);
  });

  test('while a schedule publishes costs the runs until there is room, and the rows before answer', async (context) => {
    disk = mountDisk(join(folder, 'scheduled disk ü'), 16);
    if (disk === undefined) return context.skip('No disk can be mounted here.');
    writeFileSync(
      join(folder, 'halftone.yaml'),
      'version: 1\ndatasets:\n  large: { files: large.csv, refresh: { every: 1s, keep: { snapshots: 1 } } }\n',
    );
    writeTable('large', 1000);
    const args = ['--config', 'halftone.yaml', '--port', '0', '--cache-dir', 'scheduled disk ü'];
    const server = halftone(args, { cwd: folder });
    expect(await server.settled('large')).toMatchObject({ status: 'ready', rows: 1000 });
    const filler = join(disk.dir, 'filler');
    expect(() => writeFileSync(filler, new Uint8Array(2e7))).toThrow('ENOSPC');
    writeTable('large', 100_000);
    await vi.waitFor(async () => {
      expect(await server.dataset('large')).toMatchObject({
        status: 'ready',
        rows: 1000,
        stale: true,
        problem: {
          code: 'DISK_FULL',
          detail: `The disk of the cache folder "${disk!.dir}" is full.`,
        },
      });
    }, WAIT);
    expect((await frameOf(server, 'large')).status).toBe(200);
    rmSync(filler);
    await vi.waitFor(async () => {
      const { rows, stale } = await server.dataset('large');
      expect({ rows, stale }).toEqual({ rows: 100_000, stale: undefined });
    }, WAIT);
    expect(await server.stop()).toBe(0);
    expect(partialsBelow(disk.dir)).toEqual([]);

    // What could not be written of the runs is made up for with the next.
    const again = halftone(args, { cwd: folder });
    await again.settled('large');
    const answer = await fetch(`${await again.address()}/api/v1/runs`);
    const { runs } = (await answer.json()) as { runs: Run[] };
    expect(runs).toContainEqual(
      expect.objectContaining({
        state: 'failed',
        problem: expect.objectContaining({ code: 'DISK_FULL' }) as object,
      }),
    );
    expect(await again.stop()).toBe(0);
  });

  test('or a limit on the size of files ends a load in the same way', async (context) => {
    if (spawnSync('prlimit', ['--version']).status !== 0)
      return context.skip('There is no prlimit.');
    const server = start('cache ü', ['prlimit', '--fsize=2000000']);
    expect(await server.settled('large')).toMatchObject({
      status: 'failed',
      problem: { code: 'DISK_FULL', detail: expect.stringContaining('larger than') as string },
    });
    expect(await server.settled('small')).toMatchObject({ status: 'ready', rows: 1000 });
    expect(partialsBelow(join(folder, 'cache ü'))).toEqual([]);
    expect(await server.stop()).toBe(0);
  });
});

describe('a cache folder that cannot be written', () => {
  test('goes on serving what it holds, and a load says what is wrong', async (context) => {
    disk = mountDisk(join(folder, 'read-only ü'), 40);
    if (disk === undefined) return context.skip('No disk can be mounted here.');
    const server = start('read-only ü');
    expect(await server.settled('small')).toMatchObject({ status: 'ready' });
    expect(await server.settled('large')).toMatchObject({ status: 'ready' });
    disk.makeReadOnly();
    writeTable('small', 2000);
    await expect
      .poll(() => server.dataset('small'))
      .toMatchObject({
        status: 'ready',
        rows: 1000,
        stale: true,
        problem: {
          code: 'CACHE_UNWRITABLE',
          detail: expect.stringContaining(
            `The cache folder "${disk.dir}" cannot be written`,
          ) as string,
        },
      });
    expect((await frameOf(server, 'small')).status).toBe(200);
    expect((await frameOf(server, 'large')).status).toBe(200);
    expect(await server.stop()).toBe(0);

    const listed = halftone(['cache', 'ls', '--json', '--cache-dir', 'read-only ü'], {
      cwd: folder,
    });
    expect(await listed.exited).toBe(0);
    expect((JSON.parse(listed.stdout()) as unknown[]).length).toBe(2);
    const verified = halftone(['cache', 'verify', '--cache-dir', 'read-only ü'], { cwd: folder });
    expect(await verified.exited).toBe(0);
    const cleared = halftone(['cache', 'clear', '--cache-dir', 'read-only ü'], { cwd: folder });
    expect(await cleared.exited).toBe(2);
    expect(cleared.stderr()).toContain('cannot be written');
    const refused = start('read-only ü');
    expect(await refused.exited).toBe(2);
    expect(refused.stderr()).toContain('cannot be written');
    expect(refused.stderr()).not.toMatch(/^\s+at /mu);
  });

  test('is made anew where it was deleted under a running server', async () => {
    const server = start('cache ü');
    const [first] = await Promise.all(['small', 'large'].map((name) => server.settled(name)));
    expect((await frameOf(server, 'small')).status).toBe(200);
    // At one blow: a deletion file by file fails where the server writes meanwhile.
    renameSync(join(folder, 'cache ü'), join(folder, 'deleted ü'));
    // What is in memory is answered; what has to be read brings it back.
    expect((await frameOf(server, 'small')).status).toBe(200);
    const query = { dataset: 'small', mark: 'histogram', x: 'y' };
    await expect.poll(async () => (await server.frame(query)).status).toBe(200);
    const { snapshot, rows } = await server.settled('small');
    expect(rows).toBe(1000);
    expect(snapshot).not.toBe(first!.snapshot);
    expect(snapshotsOf(join(folder, 'cache ü'), 'small').length).toBe(1);
    const cleared = halftone(['cache', 'clear', '--cache-dir', 'cache ü'], { cwd: folder });
    expect(await cleared.exited).toBe(1);
    expect(cleared.stderr()).toContain('Another process writes');
    expect(await server.stop()).toBe(0);
  });
});
