import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Run } from '../../../protocol/run.js';
import { openRunFile, runFileOf } from '../../../server/jobs/run-file.js';
import { fakeSource } from '../helpers.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'halftone-runs-'));
  path = runFileOf(folder, fakeSource('a'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fakeRun(id: string, changes: Partial<Run> = {}): Run {
  const at = '2026-01-01T00:00:00.000Z';
  const rest = { attempt: 1, rows: null, bytes: null, snapshot: null };
  const times = { plannedAt: at, startedAt: null, endedAt: null };
  return { id, dataset: 'a', trigger: 'manual', state: 'done', ...times, ...rest, ...changes };
}

async function writeAll(runs: readonly Run[]): Promise<void> {
  const file = openRunFile(path);
  for (const [i, run] of runs.entries()) file.write(run, runs.slice(0, i + 1));
  await file.flushed();
}

test('the last line of a run counts', async () => {
  await writeAll([fakeRun('1', { state: 'running' }), fakeRun('2'), fakeRun('1')]);
  expect(openRunFile(path).found).toEqual([fakeRun('1'), fakeRun('2')]);
});

test('half a line at the end is passed over, and does not spoil the next', async () => {
  await writeAll([fakeRun('1'), fakeRun('2')]);
  appendFileSync(path, JSON.stringify(fakeRun('3')).slice(0, 40));
  const file = openRunFile(path);
  expect(file.found.map(({ id }) => id)).toEqual(['1', '2']);
  file.write(fakeRun('4'), [...file.found, fakeRun('4')]);
  await file.flushed();
  expect(openRunFile(path).found.map(({ id }) => id)).toEqual(['1', '2', '4']);
});

test('lines that are no runs are passed over', async () => {
  await writeAll([fakeRun('1')]);
  appendFileSync(
    path,
    'null\n{"id":"2"}\n{"id":"3","dataset":"a","state":"done","plannedAt":"x"}\n\0\n',
  );
  expect(openRunFile(path).found.map(({ id }) => id)).toEqual(['1']);
  writeFileSync(path, '');
  expect(openRunFile(path).found).toEqual([]);
});

test('the file does not grow without bound, and loses none of the runs that are kept', async () => {
  const file = openRunFile(path);
  const kept: Run[] = [];
  for (let i = 0; i < 1000; i++) {
    kept.push(fakeRun(String(i).padStart(4, '0')));
    if (kept.length > 30) kept.shift();
    file.write(kept.at(-1)!, kept);
  }
  await file.flushed();
  expect(readFileSync(path, 'utf8').split('\n').length).toBeLessThan(152);
  expect(openRunFile(path).found.slice(-30)).toEqual(kept);
});

test('a folder that cannot be written costs the history alone', async () => {
  writeFileSync(join(folder, 'runs'), 'a file, where the folder would be');
  await writeAll([fakeRun('1')]);
  expect(openRunFile(path).found).toEqual([]);
});

test('datasets of one name and two places have files of their own, whatever their options', () => {
  const source = fakeSource('a');
  expect(runFileOf(folder, { ...source, csv: { delimiter: ';' } })).toBe(path);
  expect(runFileOf(folder, fakeSource('a', '/other/a.csv'))).not.toBe(path);
  expect(runFileOf(folder, { ...source, name: 'A' })).not.toBe(path);
});
