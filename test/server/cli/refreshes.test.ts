import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Run } from '../../../protocol/run.js';
import { halftone, killAll, WAIT, type Halftone } from '../../helpers/halftone-process.js';
import { ensureKernel } from '../loader/csv/helpers/load.js';

// A process and a loader for every refresh: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let folder: string;
beforeEach(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone refreshes '));
});
afterEach(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

const DATASET = { files: 'table.csv', cache: 'disk', refresh: { every: '1d', runOnStart: false } };
const filters = [{ op: 'contains', column: 'text', text: 'X1' }];
const QUERIES = [
  { mark: 'scatter', x: 'x', y: 'y', color: 'text', filters },
  { mark: 'line', x: 'x', y: 'y' },
  { mark: 'bar', x: 'text' },
];

/** Puts other rows in the place of the table, as their writer does: none of those before, so that nothing is appended. */
function writeTable(version: number): void {
  const lines = Array.from(
    { length: 3000 + version },
    (_, x) => `${x},${(x + version) % 97},x${x % 7}\n`,
  );
  writeFileSync(join(folder, 'table.new'), `x,y,text\n${lines.join('')}`);
  renameSync(join(folder, 'table.new'), join(folder, 'table.csv'));
}

/** Loads the next version, has it answer, and waits until what it answered is on the disk. */
async function refresh(server: Halftone, version: number): Promise<void> {
  writeTable(version);
  const url = `${await server.address()}/api/v1`;
  const { id } = (await (
    await fetch(`${url}/datasets/table/refresh`, { method: 'POST' })
  ).json()) as Run;
  await vi.waitFor(async () => {
    const run = (await (await fetch(`${url}/runs/${id}`)).json()) as Run;
    expect(run.state).toBe('done');
  }, WAIT);
  const { rows, snapshot } = await server.settled('table');
  expect(rows).toBe(3000 + version);
  for (const query of QUERIES) {
    const answer = await server.frame({ dataset: 'table', ...query });
    expect(answer.status, await answer.text()).toBe(200);
  }
  await vi.waitFor(() => {
    const written = frameFiles().filter(
      (path) => path.includes(snapshot!) && path.endsWith('.frame'),
    );
    expect(written).toHaveLength(QUERIES.length);
  }, WAIT);
}

const frameFiles = (): string[] =>
  readdirSync(join(folder, 'cache', 'frames'), { recursive: true }).map(String);

/** What a server keeps in memory and on the disk. */
async function kept(server: Halftone): Promise<Record<string, number>> {
  const answer = await fetch(`${await server.address()}/api/v1/cache`);
  const { memory, disk } = (await answer.json()) as {
    memory: { frames: { entries: unknown[] }; columns: { bytes: number } };
    disk: { frames: { frames: number } };
  };
  return {
    framesInMemory: memory.frames.entries.length,
    framesOnDisk: disk.frames.frames,
    filesOfFrames: frameFiles().length,
    bytesOfColumns: memory.columns.bytes,
  };
}

test('after seven refreshes a server keeps no more than after three', async () => {
  writeFileSync(
    join(folder, 'halftone.yaml'),
    JSON.stringify({ version: 1, datasets: { table: DATASET } }),
  );
  writeTable(0);
  const server = halftone(['--port', '0', '--cache-dir', 'cache'], { cwd: folder });
  await server.settled('table');
  for (let version = 1; version <= 3; version++) await refresh(server, version);
  const early = await kept(server);
  expect(early).toMatchObject({
    framesInMemory: 2 * QUERIES.length,
    framesOnDisk: 2 * QUERIES.length,
  });
  for (let version = 4; version <= 7; version++) await refresh(server, version);
  // What went with the last load is removed from the disk by and by.
  await vi.waitFor(async () => expect(await kept(server)).toEqual(early), WAIT);
});
