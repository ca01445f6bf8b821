import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ConfigProblem } from '../../../protocol/config/problem.js';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { halftone, killAll, WAIT } from '../../helpers/halftone-process.js';
import { ensureKernel } from '../loader/csv/helpers/load.js';

vi.setConfig({ testTimeout: 300_000 });

let folder: string;
beforeAll(() => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone-config-'));
});
afterAll(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

const SECRET = 'zq-secret';
const write = (lines: string): void => {
  const text = `version: 1\nserver: { port: 0, token: "\${file:token.txt}" }\ncache: { dir: cache }\n${lines}`;
  writeFileSync(join(folder, 'new'), text);
  renameSync(join(folder, 'new'), join(folder, 'halftone.yaml'));
};
const cached = (): string =>
  readdirSync(join(folder, 'cache'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

test('halftone.yaml of the working folder is served, and followed while it is', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => `${i},${SECRET}${i},2024-07-01 12:00:00`);
  writeFileSync(join(folder, 'people.csv'), ['x,ssn,at', ...rows].join('\n'));
  writeFileSync(join(folder, 'token.txt'), 'hunter2\n');
  mkdirSync(join(folder, 'cache'));
  write('datasets:\n  people: { files: people.csv, columns: { x: text } }\n');
  const server = halftone(['--no-open'], { cwd: folder });
  const url = await server.address();
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}/api/v1/${path}`, {
      ...init,
      headers: { authorization: 'Bearer hunter2', 'content-type': 'application/json' },
    });
  const settled = async (name: string): Promise<DatasetInfo> =>
    vi.waitFor(async () => {
      const info = (await (await ask(`datasets/${name}`)).json()) as DatasetInfo;
      expect(info.status).not.toBe('loading');
      expect(info.progress).toBeUndefined();
      return info;
    }, WAIT);
  const problems = async (): Promise<ConfigProblem[]> =>
    ((await (await ask('config')).json()) as { problems: ConfigProblem[] }).problems;

  expect((await fetch(`${url}/api/v1/config`)).status).toBe(401);
  const first = await settled('people');
  expect(first.columns.map(({ name, kind }) => [name, kind])).toEqual([
    ['x', 'text'],
    ['ssn', 'text'],
    ['at', 'time'],
  ]);
  expect(cached()).toContain(`${SECRET}499`);

  // What is hidden goes from the disk too, and from every answer.
  write(
    'datasets:\n  people: { files: people.csv, hide: [ssn], timeZone: Europe/Berlin }\n  more: { sql: "SELECT count(*) AS n FROM people" }\n',
  );
  await vi.waitFor(async () => expect((await ask('datasets/more')).status).toBe(200), WAIT);
  const hidden = await settled('people');
  expect(hidden.columns.map(({ name }) => name)).toEqual(['x', 'at']);
  expect(hidden.columns[1]).toMatchObject({ zoned: true, min: '2024-07-01T10:00:00.000000Z' });
  await settled('more');
  expect(cached()).not.toContain(SECRET);
  const old = await ask(`frame`, {
    method: 'POST',
    body: JSON.stringify({
      dataset: 'people',
      snapshot: first.snapshot,
      mark: 'rows',
      columns: ['ssn'],
    }),
  });
  expect(old.status).toBeGreaterThanOrEqual(400);
  expect(await old.text()).not.toContain(SECRET);
  const proof = await ask('verify', {
    method: 'POST',
    body: JSON.stringify({ dataset: 'people', mark: 'rows', columns: ['x', 'at'], limit: 500 }),
  });
  const proved = await proof.text();
  expect(JSON.parse(proved)).toMatchObject({ differ: 0 });
  expect(proved).not.toContain(SECRET);

  // A slip leaves everything as it was, and is told.
  write('datasets:\n  people: { flies: people.csv }\n');
  await vi.waitFor(async () => expect(await problems()).toMatchObject([{ line: 5 }]), WAIT);
  expect((await settled('people')).columns.map(({ name }) => name)).toEqual(['x', 'at']);
  expect(server.stderr()).toContain(
    'halftone.yaml:5:13: "flies" is no option of a dataset. Did you mean "files"?',
  );

  write('datasets:\n  folk: { files: "peo*.csv", hide: [ssn] }\n');
  await vi.waitFor(async () => expect((await ask('datasets/folk')).status).toBe(200), WAIT);
  expect((await ask('datasets/people')).status).toBe(404);
  expect(await problems()).toEqual([]);
  expect((await settled('folk')).columns.map(({ name }) => name)).toEqual(['x', 'at', 'filename']);
  expect(cached()).not.toContain(SECRET);
  expect(server.stdout() + server.stderr()).not.toContain('hunter2');
  expect(await server.stop()).toBe(0);
});

test('a configuration that is not valid ends the command with 2, and all that is wrong is told', async () => {
  write('datasets:\n  a: { flies: a.csv }\n  b: { files: 1 }\n');
  const server = halftone(['--config', 'halftone.yaml'], { cwd: folder });
  expect(await server.exited).toBe(2);
  expect(server.stderr()).toContain('halftone.yaml:5:8: ');
  expect(server.stderr()).toContain('halftone.yaml:6:15: ');
});
