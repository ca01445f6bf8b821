import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import type { SnapshotStore } from '../../../server/snapshots/store.js';
import { verifySnapshot } from '../../../server/snapshots/verify.js';
import { publishSnapshot, storeFixture, type StoreFixture } from '../../helpers/stored-snapshot.js';

let fixture: StoreFixture;
let store: SnapshotStore;
let snapshot: Snapshot;
let path: string;
beforeEach(async () => {
  fixture = storeFixture();
  store = await fixture.open();
  snapshot = await publishSnapshot(store, fixture.source);
  path = join(snapshot.dir, 'segment-0.arrow');
});
afterEach(() => {
  store.close();
  fixture.remove();
});

test('finds nothing wrong with what was just written, and reads all of it', async () => {
  let bytes = 0;
  expect(await verifySnapshot(snapshot, { onBytes: (read) => (bytes += read) })).toEqual([]);
  expect(bytes).toBeGreaterThan(3 * 5125);
});

test('names the buffer that a single bit was changed in', async () => {
  const file = readFileSync(path);
  const { offset, length } = snapshot.manifest.segments[0]!.batches[1]!.columns[0]!.data!;
  file[offset + 17]! ^= 4;
  writeFileSync(path, file);
  expect(await verifySnapshot(snapshot)).toEqual([
    { file: 'segment-0.arrow', offset, length, reason: 'The checksum differs.' },
  ]);
});

test('names every buffer of a file that is gone', async () => {
  rmSync(path);
  const faults = await verifySnapshot(snapshot);
  expect(faults.length).toBe(13);
  expect(faults[0]!.reason).toBe('The file cannot be opened.');
});
