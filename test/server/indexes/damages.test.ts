import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { indexFile } from '../../../server/indexes/index-file.js';
import type { IndexOf } from '../../../server/indexes/index-kind.js';
import { orderedPyramidOf, orderOf } from '../../../server/indexes/order.js';
import { pyramidOf } from '../../../server/indexes/pyramid.js';
import { sortOf } from '../../../server/indexes/sort.js';
import { tilesOf } from '../../../server/indexes/tiles.js';
import { IndexDamaged } from '../../../server/memory/lease.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import type { SnapshotStore } from '../../../server/snapshots/store.js';
import { publishRising } from '../../helpers/rising-snapshot.js';
import { storeFixture, type StoreFixture } from '../../helpers/stored-snapshot.js';
import { start } from './indexed-process.js';

/** Every kind of index that there is, over t, which ascends, and y, which does not. */
const KINDS: [string, IndexOf][] = [
  ['pyramid', pyramidOf(1)],
  ['order', orderOf(null, 1)],
  ['ordered pyramid', orderedPyramidOf(null, 1, 0)],
  ['sort', sortOf(1)],
  ['tiles', tilesOf(0, 1)],
];

/** What is done to a file of two batches, whose header is of 128 bytes. */
const HEADER_BYTES = 128;
const edit =
  (change: (bytes: Buffer) => void) =>
  (path: string): void => {
    const bytes = readFileSync(path);
    change(bytes);
    writeFileSync(path, bytes);
  };
const flip = (at: (bytes: Buffer) => number) => edit((bytes) => (bytes[at(bytes)]! ^= 16));
/** A header that was written so: its checksum is right. */
const sealed = (change: (bytes: Buffer) => void) =>
  edit((bytes) => {
    change(bytes);
    bytes.writeUInt32LE(crc32(bytes.subarray(16, HEADER_BYTES)), 12);
  });

const DAMAGES: Record<string, (path: string) => void> = {
  'is empty': (path) => truncateSync(path, 0),
  'ends in its header': (path) => truncateSync(path, 70),
  'ends behind its header': (path) => truncateSync(path, HEADER_BYTES),
  'ends a byte early': (path) => truncateSync(path, readFileSync(path).length - 1),
  'is longer than it was': (path) => writeFileSync(path, '\0', { flag: 'a' }),
  'begins otherwise': flip(() => 0),
  'has another bit in its checksum': flip(() => 12),
  'has another bit in the name of its content': flip(() => 40),
  'has another bit in the length of a part': flip(() => 64),
  'has another bit in its first part': flip(() => HEADER_BYTES),
  'has another bit in the middle': flip(({ length }) => (length + HEADER_BYTES) >> 1),
  'has another bit in its last part': flip(({ length }) => length - 64),
  'is of an older version of files': edit((bytes) => bytes.writeUInt32LE(0, 8)),
  'is of a newer version of files': edit((bytes) => bytes.writeUInt32LE(99, 8)),
  'is of an older version of its kind': sealed((bytes) => bytes.writeUInt32LE(0, 16)),
  'is of a newer version of its kind': sealed((bytes) => bytes.writeUInt32LE(99, 16)),
  'is of other rows': sealed((bytes) => bytes.writeUInt32LE(7, 64 + 12)),
  'is of other columns': sealed((bytes) => bytes.fill(1, 32, 64)),
  'is gone': (path) => rmSync(path),
};

let fixture: StoreFixture;
let disk: SnapshotStore;
let snapshot: Snapshot;
beforeEach(async () => {
  fixture = storeFixture();
  disk = await fixture.open();
  snapshot = await publishRising(disk, fixture, [900, 333]);
});
afterEach(() => {
  disk.close();
  fixture.remove();
});

/** Whether the index can be read as a whole. */
async function isSound(index: IndexOf): Promise<boolean> {
  const { indexes, store } = start();
  const found = await indexes.find(snapshot, index);
  if ('missing' in found) return false;
  try {
    (await store.lease(snapshot, [], { batches: [], parts: found.parts })).release();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(IndexDamaged);
    await indexes.drop(snapshot, index);
    return false;
  }
}

describe.each(KINDS)('a file of the kind %s', (_, index) => {
  test.each(Object.entries(DAMAGES))(
    'that %s is found to be damaged, and built anew',
    async (_, damage) => {
      await start().indexes.build(snapshot, index);
      const path = join(snapshot.dir, indexFile(index, snapshot.manifest.segments[0]!));
      const whole = readFileSync(path);
      expect(await isSound(index)).toBe(true);
      damage(path);
      expect(await isSound(index)).toBe(false);
      await start().indexes.build(snapshot, index);
      expect(readFileSync(path).equals(whole)).toBe(true);
      expect(await isSound(index)).toBe(true);
    },
  );
});
