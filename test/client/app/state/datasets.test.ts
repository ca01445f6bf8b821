import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DatasetInfo } from '../../../../protocol/dataset.js';
import type { Heard } from '../../../../client/data/events/feed.js';
import { followDatasets } from '../../../../client/app/state/datasets.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const info = (snapshot: string): DatasetInfo => ({
  name: 'a',
  status: 'ready',
  source: 'a.csv',
  snapshot,
  sequence: Number(snapshot),
  rows: 1,
  bytes: 1,
  createdAt: null,
  columns: [],
});

function page() {
  const listeners: (() => void)[] = [];
  const parts = {
    hidden: false,
    addEventListener: (_type: string, listener: unknown) => listeners.push(listener as () => void),
    show(isShown: boolean) {
      parts.hidden = !isShown;
      for (const listener of listeners) listener();
    },
  };
  return parts;
}

function follow() {
  const server = { snapshot: '1', isDown: false, asked: 0 };
  let hear: (heard: Heard) => void = () => {};
  const tab = page();
  const datasets = followDatasets({
    ask: async () => {
      server.asked++;
      if (server.isDown) throw new Error('down');
      return [info(server.snapshot)];
    },
    listen: (listener) => (hear = listener),
    page: tab,
  });
  const tell = (name: string, data: object): void =>
    hear({ kind: 'event', name, data: JSON.stringify({ dataset: 'a', ...data }) });
  return { server, datasets, tab, tell, hear: (heard: Heard) => hear(heard) };
}

const turn = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

test('an event brings the new snapshot, and many at once cost two questions at most', async () => {
  const { server, datasets, tell } = follow();
  await turn();
  expect(datasets.find('a')?.snapshot).toBe('1');
  server.snapshot = '2';
  for (let i = 0; i < 10; i++) tell('snapshot', { snapshot: '2' });
  await turn();
  expect(datasets.find('a')?.snapshot).toBe('2');
  expect(server.asked).toBeLessThanOrEqual(3);
});

test('a hidden tab asks for nothing, and catches up in one question when it is seen', async () => {
  const { server, datasets, tab, tell } = follow();
  await turn();
  tab.show(false);
  const { asked } = server;
  for (const snapshot of ['2', '3', '4']) {
    server.snapshot = snapshot;
    tell('snapshot', { snapshot });
    tell('dataset', { status: 'ready', snapshot });
    await turn();
  }
  expect(server.asked).toBe(asked);
  expect(datasets.find('a')?.snapshot).toBe('1');
  tab.show(true);
  await turn();
  expect(server.asked).toBe(asked + 1);
  expect(datasets.find('a')?.snapshot).toBe('4');
  tab.show(false);
  tab.show(true);
  await turn();
  expect(server.asked).toBe(asked + 1);
});

test('while the stream is lost the list is asked for now and then, and says whether the server is there', async () => {
  const { server, datasets, hear } = follow();
  await turn();
  server.isDown = true;
  hear({ kind: 'lost' });
  hear({ kind: 'lost' });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(datasets.online.value).toBe(false);
  const { asked } = server;
  await vi.advanceTimersByTimeAsync(4_000);
  expect(server.asked).toBe(asked + 2);
  server.isDown = false;
  server.snapshot = '9';
  hear({ kind: 'open' });
  await turn();
  expect(datasets.online.value).toBe(true);
  expect(datasets.find('a')?.snapshot).toBe('9');
  const settled = server.asked;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(server.asked).toBe(settled);
});
