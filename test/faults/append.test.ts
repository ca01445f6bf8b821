import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Query } from '../../protocol/query.js';
import type { Verification } from '../../protocol/verification.js';
import { openSnapshot } from '../../server/snapshots/open-snapshot.js';
import { verifySnapshot } from '../../server/snapshots/verify.js';
import { halftone, killAll, WAIT, type Halftone } from '../helpers/halftone-process.js';
import { filesBelow, partialsBelow, snapshotsOf } from '../helpers/snapshot-files.js';
import { ensureKernel } from '../server/loader/csv/helpers/load.js';
import { duckdb } from '../server/loader/load-file.js';

// Whole processes, each with its loads: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const OLD_ROWS = 1000;
const NEW_ROWS = 300_000;

let folder: string;
beforeEach(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone append ü '));
});
afterEach(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

const cacheOf = (name: string): string => join(folder, name);
const start = (cache: string, ...paths: string[]): Halftone =>
  halftone([...paths, '--port', '0', '--cache-dir', cache], { cwd: folder });

/** Lines of a table whose every value follows from the number of its row. */
function linesOf(from: number, rows: number): string {
  const line = (row: number): string => `${row},${row / 8},text ${row % 5000}\n`;
  return Array.from({ length: rows }, (_, i) => line(from + i)).join('');
}

/** Writes the same rows as a CSV file or as a Parquet file. */
async function writeRows(path: string, from: number, rows: number): Promise<void> {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  if (path.endsWith('.csv')) return writeFileSync(full, `n,x,text\n${linesOf(from, rows)}`);
  await duckdb(
    `COPY (SELECT i AS n, i / 8 AS x, 'text ' || i % 5000 AS text FROM range(${from}, ${from + rows}) r(i)) TO '${full}' (FORMAT parquet)`,
  );
}

const queriesOf = (dataset: string): Query[] => [
  { dataset, mark: 'scatter', method: 'density', x: 'n', y: 'x' },
  { dataset, mark: 'line', method: 'm4', x: 'n', y: 'x', width: 300 },
  { dataset, mark: 'bar', x: 'text', limit: 20 },
  { dataset, mark: 'value', aggregate: { op: 'sum', column: 'n' } },
  { dataset, mark: 'rows', sort: [{ column: 'n', order: 'desc' }], limit: 100 },
];

/** The bytes of every frame, with the id of the snapshot under one name. */
async function framesOf(server: Halftone, dataset: string): Promise<string[]> {
  const { snapshot } = await server.dataset(dataset);
  return Promise.all(
    queriesOf(dataset).map(async (query) => {
      const response = await server.frame(query);
      expect(response.status).toBe(200);
      const bytes = Buffer.from(await response.arrayBuffer());
      return bytes.toString('latin1').replaceAll(snapshot!, '-'.repeat(snapshot!.length));
    }),
  );
}

/** How far an append has come, by what it has left on the disk. */
const momentsOf = (cache: string): Record<string, () => boolean> => {
  const isPublished = (): boolean => snapshotsOf(cache, 'table').length === 2;
  const partial = (ending: string): string[] =>
    partialsBelow(cache).filter((path) => path.endsWith(ending));
  return {
    'the new segment is being written': () => partial('.arrow').length > 0 || isPublished(),
    'the old segments are shared': () => partial('.arrow').length > 1 || isPublished(),
    'the new snapshot is in its place': isPublished,
  };
};

const GROWING = {
  'a CSV file that grew': {
    path: 'table.csv',
    before: () => writeRows('table.csv', 0, OLD_ROWS),
    grow: async () => appendFileSync(join(folder, 'table.csv'), linesOf(OLD_ROWS, NEW_ROWS)),
  },
  'a Parquet file that came to a folder': {
    path: 'table',
    before: async () => {
      await writeRows('table/a.parquet', 0, OLD_ROWS / 2);
      await writeRows('table/b.parquet', OLD_ROWS / 2, OLD_ROWS / 2);
    },
    grow: () => writeRows('table/c.parquet', OLD_ROWS, NEW_ROWS),
  },
};

test.each(Object.entries(GROWING))(
  'a server that is killed while it appends %s leaves the old snapshot, and the next start appends all of it',
  async (_, { path, before, grow }) => {
    const cache = cacheOf('cache');
    await before();
    const first = start('cache', path);
    const { snapshot: old } = await first.settled('table');
    const oldFrames = await framesOf(first, 'table');
    expect(await first.stop()).toBe(0);
    await grow();

    for (const [moment, hasCome] of Object.entries(momentsOf(cache))) {
      const server = start('cache', path);
      const shown = await vi.waitFor(async () => {
        const info = await server.dataset('table');
        expect(info, moment).toMatchObject({ status: 'ready' });
        return info;
      }, WAIT);
      // The old rows all of them, or the new ones all of them.
      if (shown.snapshot === old) expect(shown.rows, moment).toBe(OLD_ROWS);
      else expect(shown.rows, moment).toBe(OLD_ROWS + NEW_ROWS);
      await vi.waitFor(() => expect(hasCome(), moment).toBe(true), { ...WAIT, interval: 1 });
      await server.kill();
      const left = snapshotsOf(cache, 'table').filter(({ dir }) => !dir.includes('partial'));
      expect(left.at(-1)?.manifest.id, moment).toBe(old);
      for (const { dir } of left)
        expect(await verifySnapshot(await openSnapshot(dir)), moment).toEqual([]);
    }

    const [last, whole] = [start('cache', path), start('whole', path)];
    await vi.waitFor(async () => {
      const { rows, stale } = await last.dataset('table');
      expect({ rows, stale }).toEqual({ rows: OLD_ROWS + NEW_ROWS, stale: undefined });
    }, WAIT);
    const [newest, oldest, ...others] = snapshotsOf(cache, 'table');
    expect(others).toEqual([]);
    expect(newest!.manifest.appendedTo).toEqual({ id: old, rows: OLD_ROWS });
    // Every segment on the disk is one of a snapshot.
    const named = [newest!, oldest!].flatMap(({ dir, manifest }) =>
      manifest.segments.map(({ file }) => join(dir, file)),
    );
    const segments = filesBelow(cache).filter((name) => /segment.*\.arrow$/u.test(name));
    expect(segments.map((name) => join(cache, name)).toSorted()).toEqual(named.toSorted());
    expect(partialsBelow(cache)).toEqual([]);

    await whole.settled('table');
    expect(snapshotsOf(cacheOf('whole'), 'table')[0]!.manifest.appendedTo).toBeUndefined();
    const frames = await framesOf(last, 'table');
    expect(frames).not.toEqual(oldFrames);
    expect(frames).toEqual(await framesOf(whole, 'table'));
    for (const server of [last, whole]) expect(await server.stop()).toBe(0);
  },
);

test('new files of a quoted glob and of a folder are found and appended, of names that a shell has put in none; Prove holds until the source is rewritten', async () => {
  for (const [i, name] of ['a', 'b'].entries())
    for (const table of ['glob', 'folder', 'names'])
      await writeRows(`${table}/${name}.parquet`, i * 100, 100);
  await writeRows('grown.csv', 0, 200);
  const server = start(
    'cache',
    'glob/*.parquet',
    'folder',
    'names/a.parquet',
    'names/b.parquet',
    'grown.csv',
  );
  const tables = ['glob', 'folder', 'names', 'grown'];
  for (const table of tables) expect(await server.settled(table)).toMatchObject({ rows: 200 });
  for (const table of ['glob', 'folder', 'names']) await writeRows(`${table}/c.parquet`, 200, 50);
  appendFileSync(join(folder, 'grown.csv'), linesOf(200, 50));

  const snapshots = new Map<string, string>();
  for (const table of ['glob', 'folder', 'grown']) {
    await vi.waitFor(async () => {
      const { rows, stale, snapshot } = await server.dataset(table);
      expect({ rows, stale }).toEqual({ rows: 250, stale: undefined });
      snapshots.set(table, snapshot!);
    }, WAIT);
    const [newest] = snapshotsOf(cacheOf('cache'), table);
    expect(newest!.manifest.appendedTo?.rows, table).toBe(200);
  }
  expect(await server.dataset('names')).toMatchObject({ rows: 200 });

  const verify = async (query: Query): Promise<Verification> => {
    const response = await fetch(`${await server.address()}/api/v1/verify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(query),
    });
    const verified = (await response.json()) as Verification;
    expect(response.status, JSON.stringify(verified)).toBe(200);
    return verified;
  };
  for (const [table, snapshot] of snapshots) {
    const [density, , bar] = queriesOf(table) as [Query, Query, Query];
    for (const query of [density, bar]) {
      const verified = await verify({ ...query, snapshot });
      expect(verified).toMatchObject({ verdict: 'equal', source: 'unchanged', differ: 0 });
      expect(verified).toMatchObject({ snapshot, rows: 250 });
      expect(verified.compared).toBeGreaterThan(0);
    }
  }
  await writeRows('grown.csv', 7, 250);
  await writeRows('folder/c.parquet', 7, 50);
  for (const table of ['grown', 'folder']) {
    const [density] = queriesOf(table) as [Query];
    const verified = await verify({ ...density, snapshot: snapshots.get(table)! });
    expect(verified).toMatchObject({ verdict: 'not compared', source: 'changed', compared: 0 });
    expect(verified.sentence).toContain('has changed');
  }
  expect(server.stderr()).not.toMatch(/^\s+at /mu);
  expect(await server.stop()).toBe(0);
});
