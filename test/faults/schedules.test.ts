import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { JobInfo } from '../../protocol/job.js';
import { halftone, killAll, WAIT, type Halftone } from '../helpers/halftone-process.js';
import { ensureKernel } from '../server/loader/csv/helpers/load.js';

// Whole processes, each with its loads: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let folder: string;
beforeEach(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone schedules ü '));
  writeFileSync(
    join(folder, 'halftone.yaml'),
    'version: 1\ndatasets:\n  table: { files: table.csv, refresh: { every: 1s } }\n',
  );
  write('x,y', 100);
});
afterEach(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

function write(header: string, rows: number, text = ''): void {
  const width = header.split(',').length;
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: width }, (__, i) => `${row * (i + 1)}${text}`).join(','),
  );
  writeFileSync(join(folder, 'table.csv'), `${header}\n${lines.join('\n')}\n`);
}

function replaceBy(make: (path: string) => void): void {
  const path = join(folder, 'table.csv');
  rmSync(path);
  make(path);
}

const start = (): Halftone =>
  halftone(['--config', 'halftone.yaml', '--port', '0', '--cache-dir', 'cache'], { cwd: folder });

async function jobOf(server: Halftone): Promise<JobInfo> {
  const answer = await fetch(`${await server.address()}/api/v1/jobs`);
  return ((await answer.json()) as { jobs: JobInfo[] }).jobs[0]!;
}

/** How the newest run of a schedule went that has ended well or not. */
async function newestOf(server: Halftone) {
  const { runs } = await jobOf(server);
  return runs.find(
    ({ trigger, state }) => trigger === 'schedule' && /done|failed|refused/u.test(state),
  );
}

test('of two servers on a cache folder one carries schedules out, and the other when that one is killed', async () => {
  const first = start();
  await vi.waitFor(async () => expect(await newestOf(first)).toBeDefined(), WAIT);
  const second = start();
  await second.settled('table');
  expect((await jobOf(second)).refresh!.nextRun).toBeNull();
  const before = (await newestOf(first))!.plannedAt;
  await vi.waitFor(
    async () => expect((await newestOf(first))!.plannedAt > before).toBe(true),
    WAIT,
  );
  const own = async () => (await jobOf(second)).runs.filter(({ plannedAt }) => plannedAt > before);
  expect(await own()).toEqual([]);
  await first.kill();
  await vi.waitFor(async () => expect((await own()).length).toBeGreaterThan(1), WAIT);
  // No time of the schedule was run by both.
  const times = (await jobOf(second)).runs
    .filter(({ trigger }) => trigger === 'schedule')
    .map(({ plannedAt }) => plannedAt);
  expect(new Set(times).size).toBe(times.length);
  expect((await jobOf(second)).refresh!.nextRun).not.toBeNull();
  await second.stop();
});

test('a source that is gone, ten times smaller, lacks a column or has another type costs the run alone', async () => {
  const server = start();
  await vi.waitFor(async () => expect((await newestOf(server))?.state).toBe('done'), WAIT);
  const faults: [() => void, string, RegExp][] = [
    [() => rmSync(join(folder, 'table.csv')), 'failed', /"table.csv" does not exist/u],
    [() => write('x,y', 10), 'refused', /has 10 rows in place of 100: 90 % are gone/u],
    [() => write('x', 100), 'refused', /lacks the column "y"/u],
    [() => write('x,y', 100, ' €'), 'refused', /has the column "x" as VARCHAR, which was/u],
    [() => writeFileSync(join(folder, 'table.csv'), ''), 'failed', /empty|no rows/iu],
    [() => replaceBy((path) => mkdirSync(path)), 'failed', /table.csv is not a file/u],
    // Nobody can open a link to itself, root neither.
    [() => replaceBy((path) => symlinkSync('table.csv', path)), 'failed', /cannot be read/u],
  ];
  for (const [damage, state, sentence] of faults) {
    damage();
    await vi.waitFor(async () => {
      const run = await newestOf(server);
      expect(run).toMatchObject({ state });
      expect(run!.problem!.detail).toMatch(sentence);
    }, WAIT);
    expect(await server.dataset('table')).toMatchObject({
      status: 'ready',
      rows: 100,
      stale: true,
    });
    expect((await server.frame({ dataset: 'table', mark: 'value' })).status).toBe(200);
    // The next one works.
    rmSync(join(folder, 'table.csv'), { recursive: true, force: true });
    write('x,y', 100);
    await vi.waitFor(async () => expect((await newestOf(server))?.state).toBe('done'), WAIT);
    expect((await server.dataset('table')).stale).toBeUndefined();
  }
  await server.stop();
});

test('a Parquet file that is half written, or damaged in the middle, costs the run alone', async () => {
  const path = join(folder, 'table.parquet');
  writeFileSync(
    join(folder, 'halftone.yaml'),
    'version: 1\ndatasets:\n  table: { files: table.parquet, refresh: { every: 1s } }\n',
  );
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        {
          name: 'x',
          data: Float64Array.from({ length: 5000 }, (_, row) => row / 7),
          type: 'DOUBLE',
        },
      ],
    }),
  );
  writeFileSync(path, bytes);
  const server = start();
  await vi.waitFor(async () => expect((await newestOf(server))?.state).toBe('done'), WAIT);
  const damaged = bytes.slice().fill(0xff, 1000, 30_000);
  damaged.fill(0xff, 4, 60);
  for (const some of [bytes.subarray(0, 20_000), damaged]) {
    writeFileSync(path, some);
    await vi.waitFor(async () => expect((await newestOf(server))?.state).toBe('failed'), WAIT);
    expect((await newestOf(server))!.problem!.code).toMatch(
      /^SOURCE_(?:TRUNCATED|CORRUPT|INVALID)$/u,
    );
    expect(await server.dataset('table')).toMatchObject({
      status: 'ready',
      rows: 5000,
      stale: true,
    });
    writeFileSync(path, bytes);
    await vi.waitFor(async () => expect((await newestOf(server))?.state).toBe('done'), WAIT);
    expect((await server.dataset('table')).stale).toBeUndefined();
  }
  await server.stop();
});
