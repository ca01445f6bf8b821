import { describe, expect, test } from 'vitest';
import type { Progress } from '../../../protocol/progress.js';
import {
  type Catalog,
  type CatalogOptions,
  createCatalog,
} from '../../../server/catalog/catalog.js';
import type { CatalogParts } from '../../../server/catalog/parts.js';
import { HalftoneError } from '../../../server/errors.js';
import { createEventHub } from '../../../server/events/hub.js';
import { fakeFingerprint, fakeParts, fakeSnapshot, fakeSource } from '../helpers.js';

function make(parts: Partial<CatalogParts> = {}, options: Partial<CatalogOptions> = {}) {
  const events = createEventHub({ epoch: 't' });
  const catalog = createCatalog({
    parts: fakeParts(parts),
    events,
    now: () => 0,
    settleMs: 1,
    ...options,
  });
  return { catalog, events };
}

async function checked(catalog: Catalog): Promise<void> {
  await catalog.checkSources();
  await catalog.idle();
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

  test('goes on answering, and nobody is told, where a pull says that nothing has changed', async () => {
    const { catalog, events } = make({
      load: async ({ name }, { previous }) => previous ?? fakeSnapshot(name),
    });
    catalog.add([fakeSource('a')]);
    await catalog.idle();
    const told: string[] = [];
    events.subscribe(({ name }) => told.push(name));
    const { snapshot } = catalog.get('a');
    catalog.reload('a');
    await catalog.idle();
    expect(catalog.get('a')).toMatchObject({ status: 'ready', snapshot });
    expect(told).not.toContain('snapshot');
  });

  test('answers where the source has gone, says why it may be out of date, and until when', async () => {
    const missing = new HalftoneError('SOURCE_MISSING', 'The file "a.csv" does not exist.');
    let isThere = false;
    let loads = 0;
    const { catalog } = make({
      reopen: async ({ name }) => fakeSnapshot(name, { id: 'old' }),
      fingerprint: async ({ name }) => {
        if (!isThere) throw missing;
        return fakeFingerprint(name);
      },
      load: async ({ name }) => (loads++, fakeSnapshot(name)),
    });
    catalog.add([fakeSource('a')]);
    await catalog.idle();
    const told = {
      status: 'ready',
      snapshot: 'old',
      stale: true,
      problem: {
        code: 'SOURCE_MISSING',
        detail:
          'The file "a.csv" does not exist. "a" is served as it was loaded on 2026-01-01T00:00:00.000Z.',
      },
    };
    expect(catalog.get('a')).toMatchObject(told);
    isThere = true;
    await checked(catalog);
    expect(catalog.get('a').problem).toBeUndefined();
    expect(catalog.get('a').stale).toBeUndefined();
    isThere = false;
    await checked(catalog);
    expect(catalog.get('a')).toMatchObject(told);
    expect(loads).toBe(0);
  });

  test('of another process that shares the cache is taken over without a load', async () => {
    let onDisk = fakeSnapshot('a', { id: 'first' });
    let mtimeNs = '1';
    let loads = 0;
    const { catalog, events } = make({
      reopen: async () => onDisk,
      fingerprint: async ({ name }) => fakeFingerprint(name, mtimeNs),
      load: async ({ name }) => (loads++, fakeSnapshot(name)),
    });
    catalog.add([fakeSource('a')]);
    await catalog.idle();
    const told: unknown[] = [];
    events.subscribe(({ name, data }) => name === 'snapshot' && told.push(data['snapshot']));
    mtimeNs = '2';
    onDisk = fakeSnapshot('a', { id: 'second', mtimeNs });
    await checked(catalog);
    expect(catalog.get('a').snapshot).toBe('second');
    expect([loads, told]).toEqual([0, ['second']]);
  });

  test('is built anew where it is damaged', async () => {
    const { catalog } = make({
      reopen: () => Promise.reject(new HalftoneError('CACHE_DAMAGED', 'Damaged.')),
    });
    catalog.add([fakeSource('a')]);
    await catalog.idle();
    expect(catalog.get('a')).toMatchObject({ status: 'ready', snapshot: 'snap-1' });
  });
});

describe('a snapshot whose damage is seen when it is read', () => {
  const damage = new HalftoneError('CACHE_DAMAGED', 'Column "x" is damaged.');

  test('is built anew once, and nobody is answered from it any more', async () => {
    let n = 0;
    const removed: string[] = [];
    const { catalog } = make({
      load: async ({ name }) => fakeSnapshot(name, { id: `s${++n}` }),
      remove: async ({ manifest }) => void removed.push(manifest.id),
    });
    catalog.add([fakeSource('a')]);
    await catalog.idle();
    const damaged = catalog.snapshot('a');
    expect(catalog.rebuild(damaged, damage)).toMatchObject({ code: 'DATASET_LOADING' });
    expect(catalog.rebuild(damaged, damage)).toMatchObject({ code: 'DATASET_LOADING' });
    await catalog.idle();
    expect(catalog.get('a').snapshot).toBe('s2');
    expect(removed).toEqual(['s1']);
    expect(() => catalog.snapshot('a', 's1')).toThrow('has no snapshot "s1" any more');
    // Who was answered from it meanwhile asks again, and gets the new one.
    expect(catalog.rebuild(damaged, damage)).toMatchObject({ code: 'DATASET_LOADING' });
    expect(catalog.get('a').snapshot).toBe('s2');
  });

  test('gives way to a newer one that another process has published', async () => {
    let onDisk = fakeSnapshot('a', { id: 'first' });
    const { catalog } = make({
      reopen: async () => onDisk,
      load: () => Promise.reject(corrupt),
    });
    catalog.add([fakeSource('a')]);
    await catalog.idle();
    const damaged = catalog.snapshot('a');
    onDisk = fakeSnapshot('a', { id: 'second' });
    catalog.rebuild(damaged, damage);
    await catalog.idle();
    expect(catalog.get('a')).toMatchObject({ status: 'ready', snapshot: 'second' });
    expect(catalog.get('a').problem).toBeUndefined();
  });

  test('stays and says why where the source cannot be read, and is built anew once it can', async () => {
    let isThere = true;
    let loads = 0;
    const missing = new HalftoneError('SOURCE_MISSING', 'The file "a.csv" does not exist.');
    const { catalog } = make({
      fingerprint: async ({ name }) => {
        if (!isThere) throw missing;
        return fakeFingerprint(name);
      },
      load: async ({ name }) => {
        loads++;
        if (!isThere) throw missing;
        return fakeSnapshot(name, { id: `s${loads}` });
      },
    });
    catalog.add([fakeSource('a')]);
    await catalog.idle();
    isThere = false;
    const damaged = catalog.snapshot('a');
    catalog.rebuild(damaged, damage);
    await catalog.idle();
    expect(catalog.get('a')).toMatchObject({ status: 'ready', snapshot: 's1', stale: true });
    for (let ask = 0; ask < 3; ask++) {
      expect(catalog.rebuild(damaged, damage)).toMatchObject({
        code: 'CACHE_DAMAGED',
        message: 'Column "x" is damaged. It cannot be built anew: The file "a.csv" does not exist.',
      });
    }
    expect(loads).toBe(2);
    isThere = true;
    await checked(catalog);
    expect(catalog.get('a').snapshot).toBe('s3');
    expect(catalog.get('a').stale).toBeUndefined();
  });
});

test('a file that was refused is loaded when it has changed; one whose load was stopped is not', async () => {
  let mtimeNs = '1';
  const { catalog } = make(
    {
      fingerprint: async ({ name }) => fakeFingerprint(name, mtimeNs),
      load: async ({ name }, { signal }) => {
        if (name === 'stopped') {
          return new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
          });
        }
        if (mtimeNs === '1') throw corrupt;
        return fakeSnapshot(name, { mtimeNs });
      },
    },
    { loadsAtOnce: 2 },
  );
  catalog.add([fakeSource('a'), fakeSource('stopped')]);
  await expect.poll(() => catalog.get('a').status).toBe('failed');
  catalog.cancel('stopped');
  await catalog.idle();
  await checked(catalog);
  expect(catalog.get('a').status).toBe('failed');
  mtimeNs = '2';
  await checked(catalog);
  expect(catalog.get('a').status).toBe('ready');
  expect(catalog.get('stopped')).toMatchObject({ problem: { code: 'LOAD_CANCELLED' } });
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
  const check = () => checked(catalog);
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

test('why rows are old is told as long as they are, also while the next load is under way', async () => {
  let mtimeNs = '1';
  const { catalog } = make({
    fingerprint: async ({ name }) => fakeFingerprint(name, mtimeNs),
    load: async ({ name }) => {
      if (mtimeNs === '2') throw corrupt;
      // What is told in the middle of the load.
      if (mtimeNs === '3') during.push(catalog.get('a'));
      return fakeSnapshot(name, { id: `s${mtimeNs}`, mtimeNs });
    },
  });
  const during: unknown[] = [];
  catalog.add([fakeSource('a')]);
  await catalog.idle();
  for (mtimeNs of ['2', '3']) await checked(catalog);
  expect(during).toMatchObject([
    { status: 'ready', snapshot: 's1', stale: true, problem: { code: 'SOURCE_CORRUPT' } },
  ]);
  expect(catalog.get('a')).toMatchObject({ status: 'ready', snapshot: 's3' });
  expect(catalog.get('a').problem).toBeUndefined();
});

test('a file that changed while it was being read is tried again', async () => {
  let mtimeNs = '1';
  const { catalog } = make({
    fingerprint: async ({ name }) => fakeFingerprint(name, mtimeNs),
    load: async ({ name }) => {
      if (mtimeNs === '2') return fakeSnapshot(name, { mtimeNs });
      mtimeNs = '2';
      throw new HalftoneError('SOURCE_CHANGED', 'a.csv changed while it was being read.');
    },
  });
  catalog.add([fakeSource('a')]);
  await catalog.idle();
  expect(catalog.get('a')).toMatchObject({ status: 'failed', problem: { code: 'SOURCE_CHANGED' } });
  await checked(catalog);
  expect(catalog.get('a').status).toBe('ready');
});

test('why the last load failed is told while the next one is under way', async () => {
  let attempts = 0;
  const { catalog } = make({
    load: async ({ name }, { signal }) => {
      if (++attempts === 1) throw new HalftoneError('SOURCE_CORRUPT', 'a is damaged.');
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return fakeSnapshot(name);
    },
  });
  catalog.add([fakeSource('a')]);
  await expect.poll(() => catalog.get('a').status).toBe('failed');
  catalog.reload('a');
  await expect.poll(() => catalog.get('a').status).toBe('loading');
  expect(catalog.get('a')).toMatchObject({ problem: { code: 'SOURCE_CORRUPT' } });
  catalog.cancel('a');
  await catalog.idle();
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

test('is up to date from the moment its new rows answer, also while its load is being ended', async () => {
  const told: unknown[] = [];
  let mayEnd = (): void => {};
  const ended = new Promise<void>((resolve) => (mayEnd = resolve));
  let isRemoving = false;
  let loads = 0;
  const { catalog, events } = make({
    load: async ({ name }) => fakeSnapshot(name, { id: `s${++loads}` }),
    remove: async () => {
      isRemoving = true;
      await ended;
    },
  });
  events.subscribe(({ name }) => {
    if (name === 'snapshot') told.push(catalog.get('a'));
  });
  catalog.add([fakeSource('a')]);
  await catalog.idle();
  catalog.rebuild(catalog.snapshot('a'), new HalftoneError('CACHE_DAMAGED', 'It is damaged.'));
  await expect.poll(() => isRemoving).toBe(true);
  told.push(catalog.get('a'));
  mayEnd();
  await catalog.idle();
  expect(told).toMatchObject([{ snapshot: 's1' }, { snapshot: 's2' }, { snapshot: 's2' }]);
  for (const info of told) {
    expect(info).toMatchObject({ status: 'ready' });
    expect(info).not.toHaveProperty('stale');
    expect(info).not.toHaveProperty('progress');
  }
});

test('is not told to be out of date before its source was compared', async () => {
  let compare = (): void => {};
  const compared = new Promise<void>((resolve) => (compare = resolve));
  const { catalog } = make({
    reopen: async ({ name }) => fakeSnapshot(name, { id: 'old' }),
    fingerprint: async ({ name }) => (await compared, fakeFingerprint(name)),
  });
  catalog.add([fakeSource('a')]);
  await expect.poll(() => catalog.get('a').snapshot).toBe('old');
  expect(catalog.get('a').stale).toBeUndefined();
  compare();
  await catalog.idle();
  expect(catalog.get('a').stale).toBeUndefined();
});

test('looks at sources once at a time, however long a disk takes to answer', async () => {
  let looks = 0;
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  let isSlow = false;
  const { catalog } = make({
    fingerprint: async ({ name }) => {
      looks++;
      if (isSlow) await answered;
      return fakeFingerprint(name);
    },
  });
  catalog.add([fakeSource('a')]);
  await catalog.idle();
  isSlow = true;
  looks = 0;
  const checks = [catalog.checkSources(), catalog.checkSources(), catalog.checkSources()];
  expect(looks).toBe(1);
  answer();
  await Promise.all(checks);
  await catalog.checkSources();
  expect(looks).toBe(2);
});

test('files that are still being written are read when they have come to rest', async () => {
  let version = 0;
  let isWriting = false;
  const loaded: number[] = [];
  const { catalog } = make({
    fingerprint: async ({ name }) => {
      if (isWriting) version++;
      return fakeFingerprint(name, String(version));
    },
    load: async ({ name }) => {
      loaded.push(version);
      return fakeSnapshot(name, { mtimeNs: String(version) });
    },
  });
  catalog.add([fakeSource('a')]);
  await catalog.idle();
  isWriting = true;
  await checked(catalog);
  await checked(catalog);
  expect(loaded).toEqual([0]);
  isWriting = false;
  await checked(catalog);
  expect(loaded).toEqual([0, version]);
});
