import { expect, test } from 'vitest';
import { createPinned } from '../../../../client/app/state/pinned.js';
import { ProblemError } from '../../../../client/data/ask.js';
import type { DatasetInfo } from '../../../../protocol/dataset.js';
import type { Problem } from '../../../../protocol/problem.js';

const infoOf = (snapshot: string, ...columns: string[]): DatasetInfo =>
  ({
    name: 'orders',
    snapshot,
    rows: columns.length,
    columns: columns.map((name) => ({ name })),
  }) as unknown as DatasetInfo;
const names = ({ columns }: DatasetInfo): string[] => columns.map(({ name }) => name);
const arrived = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

test('a snapshot that was the newest keeps its columns when another one comes, and nothing is asked', () => {
  const asked: string[] = [];
  const pinned = createPinned((_, snapshot) => {
    asked.push(snapshot);
    return new Promise(() => {});
  });
  expect(names(pinned.of(infoOf('s1', 'a', 'b'), 's1'))).toEqual(['a', 'b']);
  expect(pinned.of(infoOf('s2', 'a'), 's1')).toMatchObject({ snapshot: 's2', rows: 2 });
  expect(names(pinned.of(infoOf('s2', 'a'), 's1'))).toEqual(['a', 'b']);
  expect(names(pinned.of(infoOf('s2', 'a'), undefined))).toEqual(['a']);
  expect(asked).toEqual([]);
});

test('the columns of another snapshot are asked for once, and are none until they are known', async () => {
  let asked = 0;
  const pinned = createPinned((_, snapshot) => {
    asked++;
    return Promise.resolve(infoOf(snapshot, 'old'));
  });
  const now = infoOf('s2', 'new');
  expect(names(pinned.of(now, 's1'))).toEqual([]);
  expect(names(pinned.of(now, 's1'))).toEqual([]);
  await arrived();
  expect(names(pinned.of(now, 's1'))).toEqual(['old']);
  expect(asked).toBe(1);
});

test('a snapshot that is gone has the columns of now, and one that could not be asked for is asked for again', async () => {
  const gone = new ProblemError({ code: 'SNAPSHOT_GONE', detail: 'gone' } as Problem);
  const answers = [() => Promise.reject(new Error('no network')), () => Promise.reject(gone)];
  let asked = 0;
  const pinned = createPinned(() => answers[asked++]!());
  const now = infoOf('s2', 'new');
  expect(names(pinned.of(now, 's1'))).toEqual([]);
  await arrived();
  expect(names(pinned.of(now, 's1'))).toEqual([]);
  expect(asked).toBe(2);
  await arrived();
  expect(names(pinned.of(now, 's1'))).toEqual(['new']);
  expect(asked).toBe(2);
});
