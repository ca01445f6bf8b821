import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBackgroundVerify } from '../../../server/snapshots/background-verify.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import type { SnapshotStore } from '../../../server/snapshots/store.js';
import { flipBit } from '../../helpers/snapshot-files.js';
import { publishSnapshot, storeFixture, type StoreFixture } from '../../helpers/stored-snapshot.js';

let fixture: StoreFixture;
let store: SnapshotStore;
let snapshots: Snapshot[];
let told: [string, string][];
const onDamage = ({ manifest }: Snapshot, { code, message }: { code: string; message: string }) => {
  expect(code).toBe('CACHE_DAMAGED');
  told.push([manifest.id, message]);
};

beforeEach(async () => {
  fixture = storeFixture();
  store = await fixture.open();
  snapshots = [
    await publishSnapshot(store, fixture.source),
    await publishSnapshot(store, { ...fixture.source, name: 'others' }),
  ];
  told = [];
});
afterEach(() => {
  store.close();
  fixture.remove();
});

const segmentOf = ({ dir }: Snapshot): string => join(dir, 'segment-0.arrow');

describe('verifying in the background', () => {
  test('tells of damage in any snapshot, and of nothing else', async () => {
    const [first, second] = snapshots as [Snapshot, Snapshot];
    const { offset } = second.manifest.segments[0]!.batches[1]!.columns[0]!.data!;
    flipBit(segmentOf(second), offset + 1);
    const verify = createBackgroundVerify({ onDamage, delayMs: 0, pauseMs: 0 });
    for (const snapshot of [first, second, first]) verify.add(snapshot);
    await expect.poll(() => told.length).toBe(1);
    expect(told).toEqual([
      [
        second.manifest.id,
        `The cache of "others" is damaged at byte ${offset} of "segment-0.arrow" in snapshot ${second.manifest.id}: The checksum differs.`,
      ],
    ]);
    rmSync(segmentOf(first));
    verify.add(first);
    await expect.poll(() => told.length).toBe(2);
    expect(told[1]![1]).toContain('cannot be opened');
    await verify.close();
  });

  test('waits, and is stopped at once', async () => {
    rmSync(segmentOf(snapshots[0]!));
    const verify = createBackgroundVerify({ onDamage });
    for (const snapshot of snapshots) verify.add(snapshot);
    await verify.close();
    expect(told).toEqual([]);
  });
});
