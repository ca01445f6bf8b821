import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { halftone, killAll, WAIT } from '../../helpers/halftone-process.js';
import { ensureKernel } from '../loader/csv/helpers/load.js';

vi.setConfig({ testTimeout: 300_000 });

let folder: string;
beforeAll(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone-sql-'));
});
afterAll(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string): void => {
  writeFileSync(join(folder, 'new'), text);
  renameSync(join(folder, 'new'), join(folder, name));
};

test('datasets are computed from each other, in whatever order, and follow each other', async () => {
  write('trips.csv', 'city,delay\nBerlin,5\nParis,70\nBerlin,90\n');
  write(
    'halftone.yaml',
    `version: 1
server: { port: 0 }
cache: { dir: cache }
datasets:
  worst: { sql: "SELECT max(delay) AS delay FROM late" }
  late: { sql: "SELECT * FROM trips WHERE delay > 60" }
  lost: { sql: "SELECT * FROM gone" }
  trips: { files: trips.csv }
  gone: { files: gone.csv }
  over:
    sql: SELECT * FROM trips WHERE delay > $least AND city <> $city
    params: { least: { type: integer, default: 60 }, city: { type: text, default: "" } }
`,
  );
  const start = () => halftone(['--no-open'], { cwd: folder });
  let server = start();
  const delays = async (dataset: string): Promise<string> => {
    const url = await server.address();
    const query = Buffer.from(
      JSON.stringify({ dataset, mark: 'rows', columns: ['delay'], limit: 10 }),
    ).toString('base64url');
    const text = await (await fetch(`${url}/api/v1/frame.csv?q=${query}`)).text();
    return text
      .trim()
      .split(/\s+/u)
      .slice(1)
      .map((line) => line.split(',')[0])
      .join(' ');
  };
  for (const name of ['trips', 'late', 'worst']) {
    expect(await server.settled(name)).toMatchObject({ status: 'ready' });
  }
  expect([await delays('late'), await delays('worst')]).toEqual(['70 90', '90']);
  const lost = await server.settled('lost');
  expect(lost.problem!.detail).toBe('"lost" is computed from "gone", which has no rows yet.');

  const query = { dataset: 'worst', mark: 'value', aggregate: { op: 'sum', column: 'delay' } };
  const proof = await fetch(`${await server.address()}/api/v1/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(query),
  });
  expect(await proof.json()).toMatchObject({ verdict: 'equal', differ: 0 });

  // One file changes: all that is computed from it follows, step by step.
  write('trips.csv', 'city,delay\nRome,61\nParis,170\n');
  write('gone.csv', 'delay\n7\n');
  await vi.waitFor(async () => expect(await delays('worst')).toBe('170'), WAIT);
  expect(await delays('late')).toBe('61 170');
  await vi.waitFor(async () => expect(await delays('lost')).toBe('7'), WAIT);
  // Parameters stand in the name; each combination is a dataset of its own.
  const url = await server.address();
  const address = (name: string): string => `${url}/api/v1/datasets/${encodeURIComponent(name)}`;
  const ofName = async (name: string): Promise<Record<string, unknown>> =>
    vi.waitFor(async () => {
      const info = (await (await fetch(address(name))).json()) as Record<string, unknown>;
      expect(info['status']).not.toBe('loading');
      return info;
    }, WAIT);
  await server.settled('over');
  expect(await delays('over')).toBe('61 170');
  expect(await ofName("over?city=O'Hare&least=100")).toMatchObject({
    name: 'over?least=100&city=O%27Hare',
    status: 'ready',
    of: { dataset: 'over', values: { least: 100, city: "O'Hare" } },
  });
  expect(await delays("over?least=100&city=O'Hare")).toBe('170');
  expect(await (await fetch(address('over?lest=1'))).json()).toMatchObject({
    code: 'QUERY_INVALID',
    hint: 'Did you mean "least"?',
  });
  const { snapshot } = await server.dataset('worst');
  expect(await server.stop()).toBe(0);

  // What was computed is there at once after a restart.
  server = start();
  const again = await server.settled('worst');
  expect(again).toMatchObject({ status: 'ready', snapshot });
  expect(await delays('worst')).toBe('170');
  expect(await server.stop()).toBe(0);
});
