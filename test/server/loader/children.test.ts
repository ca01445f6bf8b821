import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createChildren, type LoaderChildren } from '../../../server/loader/children.js';
import { rehearsalFolder } from '../../../server/loader/rehearsal-folder.js';

/** A child that leaves a file with its number when it is told to prepare itself. */
const CHILD = `
  const { writeFileSync } = require('node:fs');
  process.on('message', ({ type }) => {
    if (type === 'prepare') writeFileSync(__dirname + '/' + process.pid + '.ready', '');
  });
  process.on('disconnect', () => process.exit());
`;
const BYTES = 1e9;

let dir: string;
let children: LoaderChildren | undefined;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  dir = mkdtempSync(join(tmpdir(), 'halftone-children-'));
  writeFileSync(join(dir, 'child.cjs'), CHILD);
});
afterEach(async () => {
  await children?.close();
  vi.useRealTimers();
  rmSync(dir, { recursive: true, force: true });
});

function start(): LoaderChildren {
  children = createChildren({ childFile: join(dir, 'child.cjs') });
  return children;
}

/** Has a child wait, as if the time for its start had come, and gives its number. */
async function prepared(all: LoaderChildren): Promise<number> {
  all.keepReady({ kind: 'csv', cageBytes: BYTES });
  vi.advanceTimersByTime(500);
  const found = (): string | undefined => readdirSync(dir).find((name) => name.endsWith('.ready'));
  await until(() => found() !== undefined);
  return parseInt(found()!, 10);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('the child that waits gets the next task of its kind, and only one', async () => {
  const all = start();
  const pid = await prepared(all);
  // No other has the variables, the cage or the freedom that these need.
  expect(all.take({ kind: 'postgres', cageBytes: BYTES }).pid).not.toBe(pid);
  expect(all.take({ kind: 'command', cageBytes: BYTES }).pid).not.toBe(pid);
  expect(all.take({ kind: 'csv', cageBytes: BYTES / 2 }).pid).not.toBe(pid);
  expect(all.take({ kind: 'parquet', cageBytes: BYTES }).pid).toBe(pid);
  expect(all.take({ kind: 'parquet', cageBytes: BYTES }).pid).not.toBe(pid);
});

test('a child that nobody takes ends after two minutes', async () => {
  const pid = await prepared(start());
  vi.advanceTimersByTime(119_000);
  expect(isThere(pid)).toBe(true);
  vi.advanceTimersByTime(1_000);
  await until(() => !isThere(pid));
});

test('no child outlives the loader', async () => {
  const all = start();
  const pid = await prepared(all);
  all.keepReady({ kind: 'command', cageBytes: BYTES });
  await all.close();
  expect(isThere(pid)).toBe(false);
  vi.advanceTimersByTime(500);
  expect(vi.getTimerCount()).toBe(0);
});

test('one that died while it waited is not taken', async () => {
  const all = start();
  const pid = await prepared(all);
  process.kill(pid, 'SIGKILL');
  await until(() => !isThere(pid));
  const child = all.take({ kind: 'csv', cageBytes: BYTES });
  expect(child.pid).not.toBe(pid);
  expect(child.connected).toBe(true);
});

test('what a child leaves of its rehearsal goes when it is ended', async () => {
  const all = start();
  const left = rehearsalFolder(await prepared(all));
  mkdirSync(left);
  await all.close();
  await until(() => !existsSync(left));
});
