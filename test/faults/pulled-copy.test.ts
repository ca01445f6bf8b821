import { DuckDBInstance } from '@duckdb/node-api';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { halftone, killAll, WAIT, type Halftone } from '../helpers/halftone-process.js';
import { flipBit, snapshotsOf, type SnapshotFiles } from '../helpers/snapshot-files.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const ROWS = 5000;
/** Writes rows that are others each time it is run, and counts its runs. */
const SCRIPT = `const { appendFileSync, readFileSync } = require('node:fs');
appendFileSync('runs', 'x');
const run = readFileSync('runs', 'utf8').length;
console.log('n,at,word,price,secret');
for (let i = 0; i < ${ROWS}; i++) {
  const at = new Date(1.7e12 + i * 1000).toISOString().slice(0, 19).replace('T', ' ');
  console.log([i % 7 === 0 ? '' : i * run, at, 'word ' + (i % 5), i / 7, 's' + i].join(','));
}`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'halftone copy ü '));
  writeFileSync(join(folder, 'pull.cjs'), SCRIPT);
  configure();
});
afterEach(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

function configure(refresh = ''): void {
  const dataset = `command: [${JSON.stringify(process.execPath)}, pull.cjs]\n    hide: [secret]\n    timeZone: Europe/Berlin\n    columns: { n: DOUBLE, at: TIMESTAMP, secret: text }\n    ${refresh}`;
  writeFileSync(
    join(folder, 'halftone.yaml'),
    `version: 1\ndatasets:\n  pulled:\n    ${dataset}\n`,
  );
}

const start = (): Halftone =>
  halftone(['--port', '0', '--cache-dir', 'cache', '--config', 'halftone.yaml'], { cwd: folder });
const newest = (): SnapshotFiles => snapshotsOf(join(folder, 'cache'), 'pulled')[0]!;
const timesRun = (): number => readFileSync(join(folder, 'runs'), 'utf8').length;

/** Starts a server that has pulled the rows, and waits until they are copied. */
async function startWithCopy(): Promise<Halftone> {
  const server = start();
  expect(await server.settled('pulled')).toMatchObject({ status: 'ready', rows: ROWS });
  await vi.waitFor(
    () => expect(existsSync(join(newest().dir, 'data.parquet.json'))).toBe(true),
    WAIT,
  );
  return server;
}

const ALL = { dataset: 'pulled', mark: 'rows', limit: 10_000 };
/** A frame that no server has kept. */
const OTHER = { dataset: 'pulled', mark: 'histogram', x: 'n' };
async function rowsOf(server: Halftone): Promise<string> {
  const address = await server.address();
  const response = await fetch(`${address}/api/v1/frame.csv`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ALL),
  });
  expect(response.status).toBe(200);
  return response.text();
}

/** Damages the numbers of the newest snapshot while no server runs. */
function damage(): void {
  const { dir, manifest } = newest();
  const segment = manifest.segments[0]!;
  flipBit(join(dir, segment.file), segment.batches[0]!.columns[0]!.data!.offset + 100);
}

test('the rows of a script are kept as Parquet beside the columns, value for value', async () => {
  const server = await startWithCopy();
  const instance = await DuckDBInstance.create(':memory:');
  const duckdb = await instance.connect();
  const sql = `SELECT count(*), count(n), sum(n)::BIGINT, epoch_ms(min("at"::TIMESTAMPTZ)), epoch_ms(max("at"::TIMESTAMPTZ)), count(DISTINCT word), sum(price) FROM `;
  const copy = await duckdb.runAndReadAll(`${sql}'${join(newest().dir, 'data.parquet')}'`);
  writeFileSync(join(folder, 'all.csv'), await rowsOf(server));
  const shown = await duckdb.runAndReadAll(`${sql}'${join(folder, 'all.csv')}'`);
  expect(copy.getRowsJson()).toEqual(shown.getRowsJson());
  expect(copy.getRowsJson()[0]![0]).toBe(String(ROWS));
  expect(readFileSync(join(newest().dir, 'data.parquet')).includes('secret')).toBe(false);
  duckdb.closeSync();
  expect(await server.stop()).toBe(0);
});

test('a damaged snapshot of a script is built anew from its copy, and the script is not run', async () => {
  const first = await startWithCopy();
  const before = await rowsOf(first);
  expect(await first.stop()).toBe(0);
  damage();
  const { id } = newest().manifest;
  const second = start();
  await second.settled('pulled');
  await vi.waitFor(async () => expect((await second.frame(OTHER)).status).toBe(200), WAIT);
  expect(await rowsOf(second)).toBe(before);
  expect((await second.dataset('pulled')).snapshot).not.toBe(id);
  expect(timesRun()).toBe(1);
  const address = await second.address();
  const list = await fetch(`${address}/api/v1/runs?dataset=pulled`);
  const { runs } = (await list.json()) as { runs: { id: string }[] };
  const run = await fetch(`${address}/api/v1/runs/${runs[0]!.id}`);
  expect(await run.text()).toContain('from the copy that was kept of them');
  expect(await second.stop()).toBe(0);
});

test('where the copy is damaged as well, the script is run', async () => {
  const first = await startWithCopy();
  expect(await first.stop()).toBe(0);
  damage();
  flipBit(join(newest().dir, 'data.parquet'), 2000);
  const second = start();
  await second.settled('pulled');
  await vi.waitFor(async () => expect((await second.frame(OTHER)).status).toBe(200), WAIT);
  expect(timesRun()).toBe(2);
  expect(await rowsOf(second)).toContain(`${ROWS * 2 - 2},`);
  expect(await second.stop()).toBe(0);
});

test('rows whose manifest is of another version, or is cut off, come back from their copy, as old as they are; a run that is due pulls behind that', async () => {
  const first = await startWithCopy();
  const before = await rowsOf(first);
  const { createdAt } = await first.dataset('pulled');
  expect(await first.stop()).toBe(0);
  const path = join(newest().dir, 'manifest.json');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/"format": \d+/u, '"format": 999'));
  expect(readFileSync(path, 'utf8')).not.toBe(text);

  const second = await startWithCopy();
  expect(await rowsOf(second)).toBe(before);
  expect(await second.dataset('pulled')).toMatchObject({ createdAt });
  expect((await second.dataset('pulled')).stale).toBeUndefined();
  expect(await second.stop()).toBe(0);
  expect(timesRun()).toBe(1);

  truncateSync(join(newest().dir, 'manifest.json'), 300);
  writeFileSync(join(folder, 'pull.cjs'), `console.error('no database');process.exit(3)`);
  configure('refresh: { every: 1d, runOnStart: true }');
  const third = start();
  await vi.waitFor(async () => expect((await third.dataset('pulled')).problem).toBeDefined(), WAIT);
  expect(await third.dataset('pulled')).toMatchObject({ status: 'ready', stale: true, createdAt });
  expect(await rowsOf(third)).toBe(before);
  const list = await fetch(`${await third.address()}/api/v1/runs?dataset=pulled`);
  const { runs } = (await list.json()) as { runs: { trigger: string; state: string }[] };
  expect(
    runs
      .slice(0, 2)
      .map(({ state }) => state)
      .toSorted(),
  ).toEqual(['done', 'failed']);

  // The next one goes well, and its rows are new.
  writeFileSync(join(folder, 'pull.cjs'), SCRIPT);
  const url = `${await third.address()}/api/v1/datasets/pulled/refresh`;
  expect((await fetch(url, { method: 'POST' })).status).toBe(202);
  await vi.waitFor(async () => {
    const { stale, progress } = await third.dataset('pulled');
    expect([stale, progress]).toEqual([undefined, undefined]);
  }, WAIT);
  expect(timesRun()).toBe(2);
  expect((await third.dataset('pulled')).createdAt! > createdAt!).toBe(true);
  expect(await third.stop()).toBe(0);
});
