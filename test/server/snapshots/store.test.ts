import {
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConfigRefresh } from '../../../protocol/config/refresh.js';
import { scheduleOf } from '../../../protocol/schedule.js';
import type { HalftoneError } from '../../../server/errors.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import { bytesBelow } from '../../../server/snapshots/source-folder.js';
import { openStore, type SnapshotStore } from '../../../server/snapshots/store.js';
import {
  fillDraft,
  publishSnapshot,
  storeFixture,
  type StoreFixture,
} from '../../helpers/stored-snapshot.js';

let fixture: StoreFixture;
let store: SnapshotStore;
beforeEach(async () => {
  fixture = storeFixture();
  store = await fixture.open();
});
afterEach(() => {
  store.close();
  fixture.remove();
});

const folderOf = (dir: string): string => join(dir, '..');

describe('a published snapshot', () => {
  test('is there after a restart', async () => {
    const snapshot = await publishSnapshot(store, fixture.source);
    store.close();
    store = await fixture.open();
    const [reopened] = await store.snapshots(fixture.source);
    expect(reopened).toEqual(snapshot);
    expect(reopened!.manifest.rows).toBe(3000);
  });

  test('comes before the older ones, of which the newest stay', async () => {
    const ids: string[] = [];
    for (let batches = 1; batches <= 3; batches++) {
      ids.unshift((await publishSnapshot(store, fixture.source, batches)).manifest.id);
    }
    const stored = await store.snapshots(fixture.source);
    expect(stored.map(({ manifest }) => manifest.id)).toEqual(ids.slice(0, 2));
    expect(stored.map(({ manifest }) => manifest.sequence)).toEqual([3, 2]);
  });

  test('takes the place of those that are beyond what its schedule keeps, but for what is in use', async () => {
    const keeping = (keep: NonNullable<ConfigRefresh['keep']>) => ({
      ...fixture.source,
      schedule: scheduleOf({ keep }),
    });
    const inUse = new Set<string>();
    store.close();
    const time = { ms: Date.parse('2026-01-01T00:00:00Z') };
    store = await openStore({
      dir: store.dir,
      now: () => new Date(time.ms),
      isInUse: (dir) => inUse.has(dir),
    });
    const made: Snapshot[] = [];
    const publish = async (
      keep: NonNullable<ConfigRefresh['keep']>,
      days: number,
    ): Promise<string> => {
      time.ms += days * 86_400_000;
      made.push(await publishSnapshot(store, keeping(keep)));
      const stored = await store.snapshots(fixture.source);
      return stored.map(({ dir }) => made.findIndex((one) => one.dir === dir)).join(' ');
    };
    expect(await publish({ snapshots: 3 }, 1)).toBe('0');
    expect(await publish({ snapshots: 3 }, 1)).toBe('1 0');
    expect(await publish({ snapshots: 3 }, 1)).toBe('2 1 0');
    inUse.add(made[0]!.dir);
    expect(await publish({ snapshots: 3 }, 1)).toBe('3 2 1 0');
    inUse.clear();
    expect(await publish({ snapshots: 4, age: '36h' }, 1)).toBe('4 3');
    const { length } = (await store.list()).map(({ dir }) => dir);
    expect(length).toBe(2);
    const bytes = await bytesBelow(made[4]!.dir);
    expect(await publish({ snapshots: 9, bytes: `${bytes * 2 + 10}B` }, 1)).toBe('5 4');
    expect(await publish({ snapshots: 9, bytes: '1B' }, 1)).toBe('6');
    expect(await publish({ snapshots: 9, age: '1s' }, 1)).toBe('7');
    // A clock that was set back does not make the newest an old one.
    expect(await publish({ snapshots: 2 }, -30)).toBe('8 7');
  });

  test('belongs to its files and options alone', async () => {
    await publishSnapshot(store, fixture.source);
    expect(await store.snapshots({ ...fixture.source, csv: { delimiter: ';' } })).toEqual([]);
    expect(await store.snapshots({ ...fixture.source, name: 'NUMBERS' })).toEqual([]);
  });
});

describe('a snapshot that is not finished', () => {
  test('is seen by nobody, and swept at the next start', async () => {
    const draft = await store.begin(fixture.source);
    fillDraft(draft);
    expect(await store.snapshots(fixture.source)).toEqual([]);
    store.close();
    store = await fixture.open();
    expect(existsSync(draft.dir)).toBe(false);
  });

  test('leaves nothing when it is discarded', async () => {
    const draft = await store.begin(fixture.source);
    fillDraft(draft);
    await draft.discard();
    expect(existsSync(folderOf(draft.dir))).toBe(false);
  });

  test('is not published when the process ends before the manifest is in place', async () => {
    const first = await publishSnapshot(store, fixture.source);
    const draft = await store.begin(fixture.source);
    writeFileSync(join(draft.dir, 'manifest.json'), '{"format":');
    store.close();
    store = await fixture.open();
    expect((await store.snapshots(fixture.source)).map(({ manifest }) => manifest.id)).toEqual([
      first.manifest.id,
    ]);
  });
});

describe('a damaged snapshot', () => {
  test.each([
    [
      'a manifest that is garbage',
      'manifest.json',
      (path: string) => writeFileSync(path, 'garbage'),
    ],
    ['an empty manifest', 'manifest.json', (path: string) => truncateSync(path, 0)],
    ['a manifest of null', 'manifest.json', (path: string) => writeFileSync(path, 'null')],
    ['a manifest of a number', 'manifest.json', (path: string) => writeFileSync(path, '1')],
    ['a segment that is cut off', 'segment-0.arrow', (path: string) => truncateSync(path, 100)],
    [
      'another format',
      'manifest.json',
      (path: string) =>
        writeFileSync(path, readFileSync(path, 'utf8').replace(/"format": \d+/u, '"format": 99')),
    ],
    [
      'a changed number in the manifest',
      'manifest.json',
      (path: string) =>
        writeFileSync(path, readFileSync(path, 'utf8').replace('"rows": 1000', '"rows": 1001')),
    ],
  ])('with %s is not served, and told by list', async (_name, file, damage) => {
    const { dir } = await publishSnapshot(store, fixture.source);
    damage(join(dir, file));
    expect(await store.snapshots(fixture.source)).toEqual([]);
    const [entry] = await store.list();
    expect((entry!.error as HalftoneError).code).toBe('CACHE_DAMAGED');
  });

  test('gives way to the one before it', async () => {
    const first = await publishSnapshot(store, fixture.source);
    const second = await publishSnapshot(store, fixture.source);
    writeFileSync(join(second.dir, 'manifest.json'), '');
    expect((await store.snapshots(fixture.source)).map(({ manifest }) => manifest.id)).toEqual([
      first.manifest.id,
    ]);
  });

  test('is removed by the next one', async () => {
    const stored = [];
    for (let n = 0; n < 2; n++) stored.push(await publishSnapshot(store, fixture.source));
    const [first, second] = stored as [Snapshot, Snapshot];
    rmSync(join(first.dir, 'segment-0.arrow'));
    await publishSnapshot(store, fixture.source);
    expect(existsSync(first.dir)).toBe(false);
    expect(existsSync(second.dir)).toBe(true);
  });

  test('does not need its pointer', async () => {
    const { dir, manifest } = await publishSnapshot(store, fixture.source);
    writeFileSync(join(folderOf(dir), 'current'), 'nowhere');
    expect((await store.snapshots(fixture.source))[0]!.manifest.id).toBe(manifest.id);
  });
});

describe('the cache folder', () => {
  test('has one writer; a second process reads', async () => {
    await publishSnapshot(store, fixture.source);
    const second = await fixture.open();
    expect(second.writable).toBe(false);
    expect((await second.snapshots(fixture.source)).length).toBe(1);
    await expect(second.begin(fixture.source)).rejects.toMatchObject({ code: 'CACHE_LOCKED' });
  });

  test('is written by a reader once its writer is gone', async () => {
    const second = await fixture.open();
    expect(second.writable).toBe(false);
    store.close();
    const { dir } = await publishSnapshot(second, fixture.source);
    expect(existsSync(dir)).toBe(true);
    expect((await fixture.open()).writable).toBe(false);
    second.close();
  });

  test('is made again where it was removed by hand, and still belongs to its writer', async () => {
    await publishSnapshot(store, fixture.source);
    rmSync(join(fixture.folder, 'cache'), { recursive: true });
    expect(await store.snapshots(fixture.source)).toEqual([]);
    await publishSnapshot(store, fixture.source);
    expect((await store.snapshots(fixture.source)).length).toBe(1);
    expect((await fixture.open()).writable).toBe(false);
  });

  test('is not published to by who lost the lease to another process meanwhile', async () => {
    const draft = await store.begin(fixture.source);
    const manifest = fillDraft(draft);
    const root = join(fixture.folder, 'cache', 'v1');
    const elsewhere = { pid: 1, machine: 'elsewhere', started: '1' };
    writeFileSync(join(root, 'lease-9.json'), JSON.stringify(elsewhere));
    await expect(draft.publish(manifest)).rejects.toMatchObject({ code: 'CACHE_LOCKED' });
    await draft.discard();
    expect(await store.snapshots(fixture.source)).toEqual([]);
  });

  test('is emptied by clear, whole or for one dataset', async () => {
    await publishSnapshot(store, fixture.source);
    await publishSnapshot(store, { ...fixture.source, name: 'others' });
    const freed = await store.clear('numbers');
    expect(freed).toBeGreaterThan(10_000);
    expect((await store.list()).length).toBe(1);
    await store.clear();
    expect(await store.list()).toEqual([]);
    expect(readdirSync(join(fixture.folder, 'cache', 'v1'))).toEqual(['lease-1.json']);
  });

  test('still belongs to its writer after it was cleared', async () => {
    await publishSnapshot(store, fixture.source);
    await store.clear();
    expect((await fixture.open()).writable).toBe(false);
  });
});
