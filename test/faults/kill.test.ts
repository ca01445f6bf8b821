import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSnapshot } from '../../server/snapshots/open-snapshot.js';
import { verifySnapshot } from '../../server/snapshots/verify.js';
import { halftone, killAll, WAIT, type Halftone } from '../helpers/halftone-process.js';
import { filesBelow, partialsBelow, snapshotsOf } from '../helpers/snapshot-files.js';
import { ensureKernel } from '../server/loader/csv/helpers/load.js';

// Whole processes, each with its loads: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const OLD_ROWS = 1000;
const NEW_ROWS = 2_500_000;

let folder: string;
let cache: string;
beforeEach(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone kill ü '));
  cache = join(folder, 'cache');
});
afterEach(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

function writeTable(rows: number): void {
  const lines = Array.from({ length: rows }, (_, row) => `${row / 7},${row % 1000},text ${row}\n`);
  writeFileSync(join(folder, 'table.csv'), `x,y,text\n${lines.join('')}`);
}

const start = (): Halftone =>
  halftone(['table.csv', '--port', '0', '--cache-dir', 'cache'], { cwd: folder });

/** How far a load has come, by what it has left on the disk. */
const MOMENTS: Record<string, () => boolean> = {
  'a load has begun': () => partialsBelow(cache).length > 0,
  'the segment is being written': () => {
    const segment = partialsBelow(cache).find((path) => path.endsWith('.arrow'));
    return segment !== undefined && statSync(join(cache, segment)).size > 1e6;
  },
  'the new snapshot is in its place': () => snapshotsOf(cache, 'table').length === 2,
};

test('a server that is killed while it loads leaves the old snapshot, and nothing for the next start to trip over', async () => {
  writeTable(OLD_ROWS);
  const first = start();
  const { snapshot: old } = await first.settled('table');
  expect(await first.stop()).toBe(0);
  writeTable(NEW_ROWS);

  for (const [moment, hasCome] of Object.entries(MOMENTS)) {
    const server = start();
    // The old one answers at once, although its source has changed.
    await vi.waitFor(async () => {
      expect(await server.dataset('table'), moment).toMatchObject({ status: 'ready' });
    }, WAIT);
    await vi.waitFor(() => expect(hasCome(), moment).toBe(true), { ...WAIT, interval: 2 });
    await server.kill();
    const left = snapshotsOf(cache, 'table').filter(({ dir }) => !dir.includes('partial'));
    expect(left.at(-1)?.manifest.id, moment).toBe(old);
    for (const { dir } of left)
      expect(await verifySnapshot(await openSnapshot(dir)), moment).toEqual([]);
  }

  const last = start();
  await vi.waitFor(async () => {
    const { rows, stale } = await last.dataset('table');
    expect({ rows, stale }).toEqual({ rows: NEW_ROWS, stale: undefined });
  }, WAIT);
  expect(partialsBelow(cache)).toEqual([]);
  const [newest, ...others] = snapshotsOf(cache, 'table').map(({ manifest }) => manifest.rows);
  expect(newest).toBe(NEW_ROWS);
  expect(others.length).toBe(1);
  expect(await last.stop()).toBe(0);
  expect(filesBelow(cache).filter((path) => path.includes('lease')).length).toBe(1);
});

test('a loader that is killed costs its load alone, and says so; the next one goes well', async (context) => {
  if (process.platform !== 'linux') return context.skip('Only here children are told by ps.');
  writeTable(NEW_ROWS);
  writeFileSync(join(folder, 'other.csv'), 'x\n1\n2\n');
  const files = ['other.csv', 'table.csv', '--separate'];
  const server = halftone([...files, '--port', '0', '--cache-dir', 'cache'], { cwd: folder });
  expect(await server.settled('other')).toMatchObject({ status: 'ready', rows: 2 });
  await vi.waitFor(() => expect(MOMENTS['the segment is being written']!()).toBe(true), {
    ...WAIT,
    interval: 2,
  });
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(server.child.pid)]);
  for (const pid of String(children).trim().split(/\s+/u)) process.kill(Number(pid), 'SIGKILL');
  expect(await server.settled('table')).toMatchObject({
    status: 'failed',
    problem: { detail: expect.stringContaining('ended by signal SIGKILL') as string },
  });
  expect(partialsBelow(cache)).toEqual([]);
  expect(await server.dataset('other')).toMatchObject({ status: 'ready' });

  const url = `${await server.address()}/api/v1/datasets/table/load`;
  expect((await fetch(url, { method: 'POST' })).status).toBe(202);
  expect(await server.settled('table')).toMatchObject({ status: 'ready', rows: NEW_ROWS });
  expect(await server.stop()).toBe(0);
});
