import { signal } from '@preact/signals';
import { expect, test } from 'vitest';
import type { DatasetInfo } from '../../../../protocol/dataset.js';
import { holdDatasets } from '../../../../client/app/freshness/hold-datasets.js';

const info = (name: string, sequence: number): DatasetInfo => ({
  name,
  status: 'ready',
  source: `${name}.csv`,
  snapshot: `${name}-${sequence}`,
  sequence,
  rows: sequence,
  bytes: 1,
  createdAt: null,
  columns: [],
});

function hold() {
  const list = signal<readonly DatasetInfo[] | null>(null);
  const datasets = holdDatasets({
    list,
    online: signal(true),
    find: (name) => list.value?.find((one) => one.name === name),
    refresh: async () => {},
  });
  return { list, datasets };
}

test('a paused dataset stays what it was, and says how many newer snapshots there are', () => {
  const { list, datasets } = hold();
  expect(datasets.list.value).toBeNull();
  list.value = [info('a', 4), info('b', 1)];
  datasets.pause('a');
  expect(datasets.newerThanShown('a')).toBe(0);
  list.value = [info('a', 5), info('b', 2)];
  list.value = [info('a', 7), info('b', 2)];
  expect(datasets.list.value!.map(({ snapshot }) => snapshot)).toEqual(['a-4', 'b-2']);
  expect(datasets.find('a')!.rows).toBe(4);
  expect(datasets.newest('a')!.rows).toBe(7);
  expect([datasets.newerThanShown('a'), datasets.newerThanShown('b')]).toEqual([3, 0]);
  expect([datasets.isPaused('a'), datasets.isPaused('b')]).toEqual([true, false]);
  datasets.resume('a');
  expect(datasets.find('a')!.snapshot).toBe('a-7');
  expect(datasets.newerThanShown('a')).toBe(0);
});

test('remembers what was shown before, which over a pause is what was paused', () => {
  const { list, datasets } = hold();
  list.value = [info('a', 1)];
  expect(datasets.before('a')).toBeUndefined();
  list.value = [{ ...info('a', 1), stale: true }];
  expect(datasets.before('a')).toBeUndefined();
  list.value = [info('a', 2)];
  expect(datasets.before('a')!.snapshot).toBe('a-1');
  datasets.pause('a');
  list.value = [info('a', 3)];
  list.value = [info('a', 4)];
  expect(datasets.before('a')!.snapshot).toBe('a-1');
  datasets.resume('a');
  expect(datasets.before('a')!.snapshot).toBe('a-2');
});

test('what is still loading, or is gone, cannot be paused', () => {
  const { list, datasets } = hold();
  datasets.pause('a');
  list.value = [{ ...info('a', 1), status: 'loading', snapshot: null, sequence: null }];
  datasets.pause('a');
  expect(datasets.isPaused('a')).toBe(false);
});
