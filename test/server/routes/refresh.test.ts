import { afterEach, expect, test } from 'vitest';
import type { DatasetInfo } from '../../../protocol/dataset.js';
import { fakeFingerprint, fakeSnapshot, buildTestApp, type TestAppOptions } from '../helpers.js';
import type { App } from '../../../server/routes/parts.js';

let app: App | undefined;
afterEach(() => app?.close());

const START = Date.parse('2026-01-01T00:00:00.000Z');
const query = { dataset: 'a', mark: 'value' };

/** A server whose file has a version; each version is a snapshot of its own, made at its start. */
async function serve({ serving = {}, ...options }: TestAppOptions = {}) {
  const file = { version: 1, error: undefined as Error | undefined };
  let clock = START;
  let loads = 0;
  const built = await buildTestApp({
    ...options,
    serving,
    clock: () => clock,
    catalogParts: {
      load: async () => {
        loads++;
        if (file.error !== undefined) throw file.error;
        return fakeSnapshot('a', { id: `snap-${file.version}`, mtimeNs: String(file.version) });
      },
      fingerprint: async () => fakeFingerprint('a', String(file.version)),
    },
  });
  ({ app } = built);
  const ask = (refresh?: string, body: object = query) =>
    app!.inject({
      method: 'POST',
      url: `/api/v1/frame${refresh === undefined ? '' : `?refresh=${refresh}`}`,
      payload: body,
    });
  return {
    ...built,
    file,
    ask,
    loads: () => loads,
    pass: (seconds: number) => (clock += seconds * 1000),
  };
}

const snapshotOf = (answer: { headers: Record<string, unknown> }) =>
  answer.headers['x-halftone-snapshot'];
const statusOf = (answer: { headers: Record<string, unknown> }) =>
  String(answer.headers['cache-status']).replace(/; key=.*$/u, '');

test('never takes the snapshot that is there, and always waits for what the source holds now', async () => {
  const { file, ask, loads } = await serve();
  expect(snapshotOf(await ask('never'))).toBe('snap-1');
  file.version = 2;
  expect(snapshotOf(await ask('never'))).toBe('snap-1');
  expect(snapshotOf(await ask())).toBe('snap-1');
  expect(loads()).toBe(1);
  const fresh = await ask('always');
  expect(snapshotOf(fresh)).toBe('snap-2');
  expect(statusOf(fresh)).toBe('Halftone; fwd=stale; stored');
  const again = await Promise.all([ask('always'), ask('always')]);
  expect(again.map(snapshotOf)).toEqual(['snap-2', 'snap-2']);
  expect(again.map(statusOf)).toEqual(['Halftone; hit', 'Halftone; hit']);
});

test('a dataset with a ttl is answered at once, and looked after behind the answer when that is over', async () => {
  const { catalog, file, ask, loads, pass } = await serve({ serving: { ttlMs: 60_000 } });
  file.version = 2;
  expect(statusOf(await ask())).toBe('Halftone; fwd=miss; stored; ttl=60');
  pass(45);
  const hit = await ask('stale');
  expect([statusOf(hit), hit.headers['age']]).toEqual(['Halftone; hit; ttl=15', '45']);
  pass(25);
  expect(statusOf(await ask('never'))).toBe('Halftone; hit; ttl=-10');
  expect(loads()).toBe(1);
  const stale = await ask();
  expect([snapshotOf(stale), statusOf(stale)]).toEqual(['snap-1', 'Halftone; hit; ttl=-10']);
  await catalog.idle();
  expect(loads()).toBe(2);
  const fresh = await ask();
  expect([snapshotOf(fresh), statusOf(fresh)]).toEqual([
    'snap-2',
    'Halftone; fwd=miss; stored; ttl=60',
  ]);
});

test('errors are not kept, what was there goes on answering, and one who waited is told why', async () => {
  const { catalog, file, ask, reported, pass } = await serve({ serving: { ttlMs: 1_000 } });
  await ask();
  file.version = 2;
  file.error = new Error('The disk is on fire.');
  pass(10);
  expect((await ask()).statusCode).toBe(200);
  await catalog.idle();
  await expect.poll(() => reported).toHaveLength(1);
  expect((await ask('always')).statusCode).toBe(500);
  expect(snapshotOf(await ask('never'))).toBe('snap-1');
  file.error = undefined;
  expect(snapshotOf(await ask('always'))).toBe('snap-2');
});

test('what makes no sense is refused, and so is a refresh where nothing may be changed', async () => {
  const { ask } = await serve();
  const odd = await ask('sometimes');
  expect(odd.statusCode).toBe(400);
  expect(odd.json()).toMatchObject({ code: 'QUERY_INVALID', field: 'refresh' });
  const pinned = await ask('always', { ...query, snapshot: 'snap-1' });
  expect(pinned.json()).toMatchObject({ code: 'QUERY_INVALID', field: 'refresh' });
  expect((await ask('never', { ...query, snapshot: 'snap-1' })).statusCode).toBe(200);
  await app!.close();
  const locked = await serve({ config: { readOnly: true } });
  expect((await locked.ask('always')).json()).toMatchObject({ code: 'READ_ONLY' });
  expect((await locked.ask('stale')).statusCode).toBe(200);
});

test('clearing tells the bytes that it freed', async () => {
  const { ask } = await serve();
  await ask();
  const cleared = await app!.inject({ method: 'DELETE', url: '/api/v1/cache?dataset=a' });
  expect(cleared.json()).toMatchObject({ cleared: 1 });
  expect(cleared.json().bytes).toBeGreaterThan(4000);
  expect(statusOf(await ask())).toBe('Halftone; fwd=miss; stored');
});

test('an older snapshot that is kept is told with the columns and the rows that it has', async () => {
  let version: 'snap-1' | 'snap-2' = 'snap-1';
  const versions = { 'snap-1': ['x', 3], 'snap-2': ['renamed', 4] } as const;
  const built = await buildTestApp({
    catalogParts: {
      fingerprint: async () => fakeFingerprint('a', version.slice(-1)),
      load: async () => {
        const [name, rows] = versions[version];
        const snapshot = fakeSnapshot('a', { id: version, rows, mtimeNs: version.slice(-1) });
        const [column] = snapshot.manifest.columns;
        const columns = [{ ...column!, info: { ...column!.info, name } }];
        return { ...snapshot, manifest: { ...snapshot.manifest, columns } };
      },
    },
  });
  ({ app } = built);
  version = 'snap-2';
  await built.catalog.revalidate('a');
  const told = async (pin: string): Promise<unknown[]> => {
    const answer = await app!.inject(`/api/v1/datasets/a${pin}`);
    const { snapshot, rows, columns } = answer.json<DatasetInfo>();
    return [snapshot, rows, columns.map(({ name }) => name)];
  };
  expect(await told('')).toEqual(['snap-2', 4, ['renamed']]);
  expect(await told('?snapshot=snap-2')).toEqual(['snap-2', 4, ['renamed']]);
  expect(await told('?snapshot=snap-1')).toEqual(['snap-1', 3, ['x']]);
  const gone = await app.inject('/api/v1/datasets/a?snapshot=snap-0');
  expect([gone.statusCode, gone.json<{ code: string }>().code]).toEqual([410, 'SNAPSHOT_GONE']);
});
