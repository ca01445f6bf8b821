import fc from 'fast-check';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
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
  expect(bytes).toBe(readFileSync(path).length);
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

test('notices a changed bit in any byte of a segment', async () => {
  const intact = readFileSync(path);
  await fc.assert(
    fc.asyncProperty(fc.nat(intact.length - 1), fc.nat(7), async (offset, bit) => {
      const file = Buffer.from(intact);
      file[offset]! ^= 1 << bit;
      writeFileSync(path, file);
      const [fault] = await verifySnapshot(snapshot);
      expect(fault).toMatchObject({ file: 'segment-0.arrow', reason: 'The checksum differs.' });
      expect(fault!.offset).toBeLessThanOrEqual(offset);
      expect(fault!.offset + fault!.length).toBeGreaterThan(offset);
    }),
    { numRuns: 300 },
  );
});

test('says why a file cannot be read', async () => {
  truncateSync(path, 3000);
  const faults = await verifySnapshot(snapshot);
  expect(faults.at(-1)!.reason).toMatch(/^The file ends after 0 of \d+ bytes\.$/u);
  rmSync(path);
  mkdirSync(path);
  expect((await verifySnapshot(snapshot))[0]!.reason).toContain('EISDIR');
});

test('names every part of a file that is gone', async () => {
  rmSync(path);
  const faults = await verifySnapshot(snapshot);
  const { bytes } = snapshot.manifest.segments[0]!;
  expect(faults.reduce((sum, { length }) => sum + length, 0)).toBe(bytes);
  expect(faults[0]!.reason).toBe('The file cannot be opened.');
});
