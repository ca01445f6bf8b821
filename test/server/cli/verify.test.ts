import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Verification } from '../../../protocol/verification.js';
import { halftone, killAll, type Halftone } from '../../helpers/halftone-process.js';
import { addressOf } from '../helpers.js';
import { ensureKernel } from '../loader/csv/helpers/load.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let folder: string;
let server: Halftone;

beforeAll(async () => {
  ensureKernel();
  folder = mkdtempSync(join(tmpdir(), 'halftone verify '));
  const rows = Array.from({ length: 500 }, (_, i) => `${i},${(i * 37) % 100},${'abc'[i % 3]}`);
  writeFileSync(join(folder, 'some.csv'), ['n,v,g', ...rows].join('\n'));
  const query = { dataset: 'some', mark: 'histogram', x: 'v', filters: [] };
  writeFileSync(join(folder, 'query.json'), JSON.stringify(query));
  writeFileSync(join(folder, 'broken.json'), '{');
  const cache = ['--cache-dir', join(folder, 'served')];
  server = halftone(['some.csv', ...cache, '--port', '0', '--no-open'], { cwd: folder });
  await server.settled('some');
});
afterAll(async () => {
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]) {
  const command = halftone(['verify', ...args], { cwd: folder });
  const code = await command.exited;
  return { code, out: command.stdout(), err: command.stderr() };
}

test('a query in a file is proved against the file it is about, without a server', async () => {
  const { code, out, err } = await run('query.json', 'some.csv', '--cache-dir', 'here');
  expect(err).toBe('');
  expect(out).toMatch(/^[\d,]+ numbers compared, 0 differ\.\n {2}some, histogram/u);
  expect(out).toContain('not proved: how the CSV is read');
  expect(code).toBe(0);
});

test('the address of a page and of a frame are proved by their server', async () => {
  const url = await server.address();
  const page = await run(`${url}/explore/some?mark=scatter&x=n&y=v&f.g=a&xr=0,250`, '--json');
  const verified = JSON.parse(page.out) as Verification;
  expect(verified).toMatchObject({ verdict: 'equal', mark: 'scatter', differ: 0 });
  expect(page.code).toBe(0);
  const q = addressOf({ dataset: 'some', mark: 'value' });
  const frame = await run(`${url}/api/v1/frame?q=${q}`);
  expect(frame).toMatchObject({ code: 0, out: expect.stringContaining(' 0 differ.') as string });
  const file = await run('query.json', '--server', url);
  expect(file.code).toBe(0);
});

test('a number that differs is shown, and the exit code is 1', async () => {
  const verdict = {
    verdict: 'differs',
    sentence: '9 numbers compared, 12 differ.',
    dataset: 'some',
    mark: 'value',
    method: 'aggregate',
    differences: [{ where: 'the value', ours: 2, sql: 3 }],
    differ: 12,
    tolerance: [],
    shared: [],
    rows: 1,
    ms: 1,
  };
  const fake = createServer((_request, reply) => {
    reply.setHeader('content-type', 'application/json').end(JSON.stringify(verdict));
  }).listen(0, '127.0.0.1');
  await once(fake, 'listening');
  const { port } = fake.address() as AddressInfo;
  const { code, out } = await run('query.json', '--server', `http://127.0.0.1:${port}`);
  fake.close();
  expect(out).toContain('the value: 2, SQL says 3');
  expect(out).toContain('and 11 more');
  expect(code).toBe(1);
});

test('a source that has changed is no proof', async () => {
  const url = await server.address();
  const { snapshot } = await server.dataset('some');
  writeFileSync(join(folder, 'some.csv'), 'n,v,g\n1,2,a\n');
  const q = addressOf({ dataset: 'some', mark: 'value', snapshot });
  const { code, out } = await run(`${url}/api/v1/frame?q=${q}`);
  expect(out).toContain('has changed since this snapshot was made: nothing was compared.');
  expect(code).toBe(1);
});

test.each([
  [['nothing.json'], 'There is no file'],
  [['broken.json'], 'it is not JSON'],
  [['query.json'], 'names no server'],
  [['http://127.0.0.1:1/elsewhere'], 'neither a page nor a frame'],
  [['http://127.0.0.1:1/api/v1/frame'], '"q" is missing'],
  [[], 'missing required argument'],
])('%j is a wrong use: 2', async (args, sentence) => {
  const { code, err } = await run(...args);
  expect(err).toContain(sentence);
  expect(code).toBe(2);
});

test('a server that is not there is a failure: 1', async () => {
  const { code, err } = await run('query.json', '--server', 'http://127.0.0.1:1');
  expect(err).toContain('Nothing answers at http://127.0.0.1:1.');
  expect(code).toBe(1);
});
