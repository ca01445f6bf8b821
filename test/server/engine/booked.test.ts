import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Query } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import type { Engine } from '../../../server/engine/engine.js';
import { createIndexes, type Indexes } from '../../../server/indexes/indexes.js';
import { sortOf } from '../../../server/indexes/sort.js';
import { createColumnStore, type ResidentColumns } from '../../../server/memory/columns.js';
import type { Pool } from '../../../server/pool.js';
import type { Snapshot } from '../../../server/snapshots/manifest.js';
import type { SnapshotStore } from '../../../server/snapshots/store.js';
import { readSpans } from '../../../workers/read-spans.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot } from '../../helpers/memory-snapshot.js';
import { publishSnapshot, storeFixture, type StoreFixture } from '../../helpers/stored-snapshot.js';
import { testColumn } from '../../helpers/test-columns.js';

const BATCHES = 6;
/** Two columns in pages of 64 KiB, and a dictionary. */
const COLUMN_BYTES = (2 * BATCHES + 1) * 64 * 1024;
/** Of each request, so much is not counted. */
const FREE_BYTES = 8 * 2 ** 20;

let fixture: StoreFixture;
let disk: SnapshotStore;
let snapshot: Snapshot;
beforeEach(async () => {
  fixture = storeFixture();
  disk = await fixture.open();
  snapshot = await publishSnapshot(disk, fixture.source, BATCHES);
});
afterEach(() => {
  disk.close();
  fixture.remove();
});

interface Opened {
  store: ResidentColumns;
  engine: Engine;
  indexes: Indexes;
}

/** An engine with the columns in memory and so much room to compute with; `before` is told of each task. */
async function open(
  scratchBytes: number,
  before: (task: string) => void = () => {},
): Promise<Opened> {
  const store = createColumnStore({
    read: async (task) => readSpans(task),
    budgetBytes: COLUMN_BYTES + scratchBytes,
  });
  (await store.lease(snapshot, ['n', 'word'])).release();
  const plain = inlinePool();
  const run: Pool['run'] = (name, ...rest) => {
    before(name);
    return plain.run(name, ...rest);
  };
  const pool = { ...plain, run };
  const indexes = createIndexes({ store, pool, mayWrite: () => true });
  const sampling = { worthMs: 0, budgetNs: 1e4, runRows: 1 };
  return { store, indexes, engine: createEngine({ store, pool, sampling }) };
}

/** An answer is there a moment before what it was computed with is given back. */
const atBase = ({ store }: Opened): Promise<void> =>
  expect.poll(() => store.stats()).toMatchObject({ pinnedBytes: 0, scratchBytes: 0 });

/** What was booked at the most beside the columns. */
const bookedBy = ({ store }: Opened): number => store.stats().peakBytes - COLUMN_BYTES;

const domain = { x: [0, 6000], y: [0, 6000] };
const HISTOGRAM: Query = { dataset: 'numbers', mark: 'histogram', x: 'n', bins: 100 };
/** 201 × 201 places and 2, of 100 bins and 3, in 4 bytes: a cube for each of two tasks, and two that are made of them. */
const CUBES_BYTES = 4 * (201 * 201 + 2) * 103 * 4 - FREE_BYTES;

async function cubeBytes({ engine }: Opened, signal?: AbortSignal): Promise<number> {
  const frame = await (await open(2 ** 30)).engine.frame(snapshot, HISTOGRAM);
  const cubes = engine.cubes(
    snapshot,
    {
      active: { x: 'n', y: 'n', cells: { x: 200, y: 200 }, domain },
      filters: [],
      views: [{ query: HISTOGRAM, frame, keys: [] }],
    },
    signal,
  );
  return (await cubes[0]!).bytes.byteLength;
}

describe('brush cubes', () => {
  test('are booked before they are made, and given back when they are sent', async () => {
    const opened = await open(CUBES_BYTES);
    expect(await cubeBytes(opened)).toBeGreaterThan(0);
    expect(bookedBy(opened)).toBe(CUBES_BYTES);
    await atBase(opened);
  });

  test('are refused with the numbers where they have no room', async () => {
    const opened = await open(CUBES_BYTES - 1);
    await expect(cubeBytes(opened)).rejects.toMatchObject({
      code: 'MEMORY_EXHAUSTED',
      message: expect.stringMatching(
        /^A cube would take 67 MB of memory beside the columns\. /u,
      ) as string,
    });
    await atBase(opened);
  });

  test('leave nothing behind where they are withdrawn, or a worker fails', async () => {
    const controller = new AbortController();
    const opened = await open(CUBES_BYTES, (task) => {
      if (task !== 'merge') return;
      controller.abort(new Error('gone'));
      throw new Error('The thread ended.');
    });
    await expect(cubeBytes(opened, controller.signal)).rejects.toThrow();
    await atBase(opened);
  });
});

describe('a sample', () => {
  const size = { width: 700, height: 700 };
  const drawn = { mark: 'scatter', x: 'n', y: 'n', color: 'n', domain, ...size } as const;
  const query: Query = { dataset: 'numbers', ...drawn };

  test('has its parts booked, and is refused where they have no room', async () => {
    const roomy = await open(2 ** 30);
    expect((await roomy.engine.sample(snapshot, query))!.plan.tier).toBe('sample');
    // Four parts, each of which has a count, a sum and how many it is of, for every cell.
    expect(bookedBy(roomy)).toBeGreaterThan(4 * 12 * size.width * size.height);
    await atBase(roomy);
    const tight = await open(2 ** 20);
    await expect(tight.engine.sample(snapshot, query)).rejects.toThrow(
      'What the matching rows come to would take',
    );
    await atBase(tight);
  });
});

describe('an index in the making', () => {
  const INDEX = sortOf(0);

  test('is booked with its columns, batch by batch', async () => {
    const booked: number[] = [];
    const opened: Opened = await open(2 ** 20, (task) => {
      if (task === 'buildSort') booked.push(opened.store.stats().scratchBytes);
    });
    await opened.indexes.build(snapshot, INDEX);
    expect(await opened.indexes.find(snapshot, INDEX)).toHaveProperty('parts');
    expect(booked).toHaveLength(BATCHES);
    expect(Math.max(...booked)).toBe(2 * 32_000);
    await atBase(opened);
  });

  test('is not begun where it has no room, and says so', async () => {
    const opened = await open(0);
    await opened.indexes.build(snapshot, INDEX);
    expect(await opened.indexes.find(snapshot, INDEX)).toEqual({
      missing: expect.stringMatching(/^A batch of an index in the making would take/u) as string,
    });
    await atBase(opened);
  });
});

describe('counts of values', () => {
  test('are kept in what is left, and give way', async () => {
    const opened = await open(2 ** 20);
    const { store, engine } = opened;
    await engine.values(snapshot, { column: 'n', filters: [], limit: 5 });
    const { keptBytes, bookedBytes } = store.stats();
    expect(keptBytes).toBeGreaterThan(8 * 1000);
    expect(bookedBytes).toBeLessThanOrEqual(COLUMN_BYTES + 2 ** 20);
    const scratch = { bytes: COLUMN_BYTES + 2 ** 20 - store.account.touchedBytes, what: 'All' };
    (await store.lease(snapshot, [], { batches: [], scratch })).release();
    expect(store.stats().keptBytes).toBe(0);
    await atBase(opened);
  });
});

describe('rows of an export', () => {
  test('come in pieces of some MiB, of however many columns', async () => {
    const columns = Array.from({ length: 100 }, (_, i) => ({
      ...testColumn('int64', 6000, { seed: i }),
      name: `c${i}`,
    }));
    const wide = memorySnapshot(columns);
    const { dir, manifest } = wide.snapshot;
    const data = { offset: 0, length: 6000 * 8, crc32: 0 };
    const stored = manifest.segments.map((segment) => ({
      ...segment,
      batches: segment.batches.map((batch) => ({
        ...batch,
        columns: batch.columns.map((column) => ({ ...column, data })),
      })),
    }));
    const engine = createEngine({ store: wide.store, pool: inlinePool() });
    const sizes: number[] = [];
    const asked = { dir, manifest: { ...manifest, segments: stored } };
    for await (const { byteLength } of engine.rows(asked, [])) sizes.push(byteLength);
    // 4,096 rows of 100 columns of 8 bytes.
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThan(4 * 2 ** 20);
  });

  test('leave nothing behind where their reader goes', async () => {
    const opened = await open(2 ** 20);
    for await (const bytes of opened.engine.rows(snapshot, [])) {
      expect(bytes.byteLength).toBeGreaterThan(0);
      break;
    }
    await atBase(opened);
  });
});
