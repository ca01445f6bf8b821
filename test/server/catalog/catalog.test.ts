import { describe, expect, test } from 'vitest';
import type { Progress } from '../../../protocol/progress.js';
import { type CatalogOptions, createCatalog } from '../../../server/catalog/catalog.js';
import type { CatalogParts } from '../../../server/catalog/parts.js';
import { HalftoneError } from '../../../server/errors.js';
import { createEventHub } from '../../../server/events/hub.js';
import { fakeFingerprint, fakeParts, fakeSnapshot, fakeSource } from '../helpers.js';

function make(parts: Partial<CatalogParts> = {}, options: Partial<CatalogOptions> = {}) {
  const events = createEventHub({ epoch: 't' });
  const catalog = createCatalog({ parts: fakeParts(parts), events, now: () => 0, ...options });
  return { catalog, events };
}

const corrupt = new HalftoneError('SOURCE_CORRUPT', 'b.csv is damaged.');

test('a failure of one harms no other', async () => {
  const { catalog } = make({
    load: async ({ name }) => {
      if (name === 'b') throw corrupt;
      return fakeSnapshot(name);
    },
  });
  catalog.add(['a', 'b', 'c'].map((name) => fakeSource(name)));
  await catalog.idle();
  expect(catalog.list().map(({ status }) => status)).toEqual(['ready', 'failed', 'ready']);
  expect(catalog.get('b').problem).toMatchObject({
    code: 'SOURCE_CORRUPT',
    detail: 'b.csv is damaged.',
  });
  expect(() => catalog.snapshot('b')).toThrow(corrupt);
  expect(catalog.snapshot('c').manifest.dataset).toBe('c');
});

test('equal names are told apart', () => {
  const { catalog } = make();
  expect(catalog.add([fakeSource('a'), fakeSource('a'), fakeSource('a-2')])).toEqual([
    'a',
    'a-2',
    'a-2-2',
  ]);
});

test('a bounded number of loads runs at once, in order', async () => {
  const running: string[] = [];
  let most = 0;
  const order: string[] = [];
  const { catalog } = make(
    {
      load: async ({ name }) => {
        order.push(name);
        running.push(name);
        most = Math.max(most, running.length);
        await Promise.resolve();
        running.splice(running.indexOf(name), 1);
        return fakeSnapshot(name);
      },
    },
    { loadsAtOnce: 2 },
  );
  catalog.add(['a', 'b', 'c', 'd'].map((name) => fakeSource(name)));
  await catalog.idle();
  expect(most).toBe(2);
  expect(order).toEqual(['a', 'b', 'c', 'd']);
});

describe('what is on disk', () => {
  test('answers at once, and the source is not read while it is the same', async () => {
    let loads = 0;
    const { catalog } = make({
      reopen: async ({ name }) => fakeSnapshot(name, { id: 'old' }),
      load: async ({ name }) => (loads++, fakeSnapshot(name)),
    });
    catalog.add([fakeSource('a')]);
    await catalog.idle();
    expect(catalog.get('a')).toMatchObject({ status: 'ready', snapshot: 'old' });
    expect(loads).toBe(0);
  });

  test('answers while a source that changed is loaded anew', async () => {
    let finish!: () => void;
    const loaded = new Promise<void>((resolve) => (finish = resolve));
    const { catalog } = make({
      reopen: async ({ name }) => fakeSnapshot(name, { id: 'old' }),
      fingerprint: async ({ name }) => fakeFingerprint(name, '2'),
      load: async ({ name }) => {
        await loaded;
        return fakeSnapshot(name, { id: 'new', mtimeNs: '2' });
      },
    });
    catalog.add([fakeSource('a')]);
    await expect.poll(() => catalog.get('a').snapshot).toBe('old');
    expect(catalog.get('a')).toMatchObject({ status: 'ready', stale: true });
    finish();
    await catalog.idle();
    expect(catalog.get('a').snapshot).toBe('new');
    expect(catalog.get('a').stale).toBeUndefined();
    expect(catalog.snapshot('a', 'old').manifest.id).toBe('old');
  });

  test('answers where the source has gone', async () => {
    const { catalog } = make({
      reopen: async ({ name }) => fakeSnapshot(name, { id: 'old' }),
      fingerprint: () => Promise.reject(new Error('gone')),
      load: () => Promise.reject(new Error('gone')),
    });
    catalog.add([fakeSource('a')]);
    await catalog.idle();
    expect(catalog.get('a')).toMatchObject({ status: 'ready', snapshot: 'old' });
  });

  test('is built anew where it is damaged', async () => {
    const { catalog } = make({
      reopen: () => Promise.reject(new HalftoneError('CACHE_DAMAGED', 'Damaged.')),
    });
    catalog.add([fakeSource('a')]);
    await catalog.idle();
    expect(catalog.get('a')).toMatchObject({ status: 'ready', snapshot: 'snap-1' });
  });

  test('is built anew when the damage is seen later', async () => {
    let n = 0;
    const { catalog } = make({ load: async ({ name }) => fakeSnapshot(name, { id: `s${++n}` }) });
    catalog.add([fakeSource('a')]);
    await catalog.idle();
    catalog.rebuild(catalog.snapshot('a'));
    await catalog.idle();
    expect(catalog.get('a').snapshot).toBe('s2');
    catalog.rebuild(catalog.snapshot('a', 's1'));
    await catalog.idle();
    expect(catalog.get('a').snapshot).toBe('s2');
  });
});

test('a source that changes is loaded anew once; one that fails is not tried again until it changes', async () => {
  let mtimeNs = '1';
  let loads = 0;
  let fails = false;
  const { catalog } = make({
    fingerprint: async ({ name }) => fakeFingerprint(name, mtimeNs),
    load: async ({ name }) => {
      loads++;
      if (fails) throw corrupt;
      return fakeSnapshot(name, { id: `s${loads}`, mtimeNs });
    },
  });
  const check = async () => {
    await catalog.checkSources();
    await catalog.idle();
  };
  catalog.add([fakeSource('a')]);
  await catalog.idle();
  await check();
  expect(loads).toBe(1);
  mtimeNs = '2';
  await check();
  await check();
  expect([loads, catalog.get('a').snapshot]).toEqual([2, 's2']);
  mtimeNs = '3';
  fails = true;
  await check();
  await check();
  expect(loads).toBe(3);
  expect(catalog.get('a')).toMatchObject({
    status: 'ready',
    snapshot: 's2',
    stale: true,
    problem: { code: 'SOURCE_CORRUPT' },
  });
  mtimeNs = '4';
  fails = false;
  await check();
  expect(catalog.get('a')).toMatchObject({ snapshot: 's4' });
  expect(catalog.get('a').problem).toBeUndefined();
});

test('a load can be stopped, while it waits and while it runs', async () => {
  const { catalog } = make({
    load: (_source, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
      }),
  });
  catalog.add([fakeSource('a'), fakeSource('b')]);
  await expect.poll(() => catalog.get('a').status).toBe('loading');
  expect(catalog.cancel('b')).toBe(true);
  expect(catalog.cancel('a')).toBe(true);
  await catalog.idle();
  for (const name of ['a', 'b']) {
    expect(catalog.get(name)).toMatchObject({
      status: 'failed',
      problem: { code: 'LOAD_CANCELLED' },
    });
  }
  expect(catalog.cancel('a')).toBe(false);
});

test('progress is told, but not more often than anyone can read', async () => {
  let time = 0;
  const progress = (rows: number): Progress => ({
    stage: 'reading',
    fraction: null,
    rows,
    bytes: 0,
    rowsPerSecond: 0,
  });
  const { catalog, events } = make(
    {
      load: async ({ name }, { onProgress }) => {
        for (let i = 0; i < 1000; i++) {
          time += 1;
          onProgress(progress(i));
        }
        return fakeSnapshot(name);
      },
    },
    { now: () => time },
  );
  const told: unknown[] = [];
  events.subscribe(({ data }) => told.push((data['progress'] as Progress | undefined)?.rows));
  catalog.add([fakeSource('a')]);
  await catalog.idle();
  expect(told.filter((rows) => rows !== undefined)).toEqual([0, 0, 200, 400, 600, 800]);
});
