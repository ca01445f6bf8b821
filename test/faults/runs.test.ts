import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Run } from '../../protocol/run.js';
import { halftone, killAll, WAIT, type Halftone } from '../helpers/halftone-process.js';
import { partialsBelow } from '../helpers/snapshot-files.js';
import { ensureKernel } from '../server/loader/csv/helpers/load.js';

// Whole processes, each with its loads: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let folder: string;
beforeEach(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone runs ü '));
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

async function runsOf(server: Halftone): Promise<Run[]> {
  const answer = await fetch(`${await server.address()}/api/v1/runs`);
  return ((await answer.json()) as { runs: Run[] }).runs;
}

async function refresh(...args: string[]) {
  const command = halftone(['refresh', ...args], { cwd: folder });
  const code = await command.exited;
  return { code, out: command.stdout(), err: command.stderr() };
}

test('the command has the server of a cache folder load, waits, and tells how it went by its exit code', async () => {
  writeTable(10);
  const server = start();
  await server.settled('table');
  const here = ['--cache-dir', 'cache'];
  writeTable(1000);
  expect(await refresh('table', ...here)).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      /^table: 1000 rows \((?:10 before|unchanged)\) in \d+\.\d s\n$/u,
    ) as string,
  });
  expect(await refresh(...here)).toMatchObject({ code: 0 });
  expect(await refresh('tabel', ...here)).toMatchObject({
    code: 1,
    err: expect.stringContaining('Did you mean "table"?') as string,
  });
  rmSync(join(folder, 'table.csv'));
  const refused = await refresh('table', '--json', '--url', await server.address());
  expect(refused.code).toBe(3);
  expect(JSON.parse(refused.out)).toMatchObject([
    { state: 'failed', problem: { code: 'SOURCE_MISSING' } },
  ]);
  // The rows are there still.
  expect(await server.dataset('table')).toMatchObject({ status: 'ready', rows: 1000, stale: true });
  expect(await server.stop()).toBe(0);
  expect(await refresh('table', ...here)).toMatchObject({ code: 2 });
});

test('a run that was killed with its server is told as interrupted by the next, which runs it again', async () => {
  writeTable(10);
  const first = start();
  await first.settled('table');
  await first.stop();
  writeTable(2_500_000);
  const second = start();
  await vi.waitFor(async () => expect((await runsOf(second))[0]?.state).toBe('running'), WAIT);
  await vi.waitFor(() => {
    const segment = partialsBelow(join(folder, 'cache')).find((path) => path.endsWith('.arrow'));
    expect(segment && statSync(join(folder, 'cache', segment)).size).toBeGreaterThan(1e6);
  }, WAIT);
  await second.kill();
  const third = start();
  await vi.waitFor(async () => {
    expect(await third.dataset('table')).toMatchObject({ rows: 2_500_000 });
  }, WAIT);
  const runs = await runsOf(third);
  expect(runs.map(({ state }) => state)).toEqual(['done', 'failed', 'done']);
  expect(runs[1]).toMatchObject({ problem: { code: 'RUN_INTERRUPTED' }, endedAt: null });
  expect(runs[0]!.changes).toMatchObject({ rowsBefore: 10, rowsAfter: 2_500_000 });
  await third.stop();
});
