import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { rehearse } from '../../../dist/server/loader/rehearse.js';
import { rehearsalFolder } from '../../../server/loader/rehearsal-folder.js';
import type { FromChild, LoadTask, ToChild } from '../../../server/loader/messages.js';
import { ensureKernel } from './csv/helpers/load.js';
import { sourceOf, temporaryFolder } from './load-file.js';

vi.setConfig({ testTimeout: 120_000 });
const CHILD = fileURLToPath(new URL('../../../dist/server/loader/child.js', import.meta.url));
const KINDS = ['csv', 'parquet'] as const;

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(ensureKernel);
beforeEach(() => (folder = temporaryFolder()));
afterEach(() => folder.remove());

test.each(KINDS)('a made table of %s can be loaded, and nothing stays of it', async (kind) => {
  const dir = join(folder.dir, 'made');
  await rehearse(kind, dir);
  expect(existsSync(dir)).toBe(false);
});

test('a child loads what it would load without a rehearsal: after it, in the midst of it, after one of another kind', async () => {
  const path = join(folder.dir, 'a.csv');
  const lines = Array.from({ length: 5000 }, (_, i) => `${i},${i / 7},text ${i % 90}\n`);
  writeFileSync(path, `id,x,text\n${lines.join('')}`);
  const plain = await loadedBy(path, 'plain', async () => {});
  expect(plain.outcome!.rows).toBe(5000);
  for (const kind of KINDS) {
    const after = await loadedBy(path, `after ${kind}`, async (tell, pid) => {
      tell({ type: 'prepare', kind });
      await until(() => existsSync(rehearsalFolder(pid)));
      await until(() => !existsSync(rehearsalFolder(pid)));
    });
    expect(after).toEqual(plain);
  }
  const amidst = await loadedBy(path, 'amidst', async (tell, pid) => {
    tell({ type: 'prepare', kind: 'csv' });
    await until(() => existsSync(rehearsalFolder(pid)));
  });
  expect(amidst).toEqual(plain);
});

/** What a new child answers to the task of loading a CSV file, once `first` has been done with it. */
async function loadedBy(
  path: string,
  name: string,
  first: (tell: (message: ToChild) => void, pid: number) => Promise<void>,
): Promise<Extract<FromChild, { type: 'loaded' }>> {
  const dir = join(folder.dir, name);
  mkdirSync(dir);
  const child = fork(CHILD);
  const tell = (message: ToChild): void => void child.send(message);
  await first(tell, child.pid!);
  const task: Omit<LoadTask, 'type'> = { source: sourceOf('csv', [path]), dir, memoryBytes: 1e9, threads: 2, deadlineMs: 60_000, watch: false }; // prettier-ignore
  const answered = new Promise<FromChild>((resolve) => {
    child.on('message', (message: FromChild) => {
      if (message.type !== 'progress') resolve(message);
    });
  });
  tell({ type: 'load', ...task });
  const answer = await answered;
  await once(child, 'exit');
  expect(existsSync(rehearsalFolder(child.pid!))).toBe(false);
  if (answer.type !== 'loaded') throw new Error(JSON.stringify(answer));
  return answer;
}

/** Looks every few milliseconds: the child needs the processor. */
async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { interval: 5, timeout: 60_000 }).toBe(true);
}
