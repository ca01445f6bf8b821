import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { tableFromIPC } from '@uwdata/flechette';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCatalog, type Catalog } from '../../dist/server/catalog/catalog.js';
import { rebuildingEngine } from '../../dist/server/catalog/rebuilding-engine.js';
import { HalftoneError } from '../../dist/server/errors.js';
import { createEventHub } from '../../dist/server/events/hub.js';
import { createFrameCache, type FrameCache } from '../../dist/server/frames/frame-cache.js';
import { canonicalQuery, keyOf } from '../../dist/server/frames/query-key.js';
import { createPool } from '../../dist/server/pool.js';
import { openServices, type Services } from '../../dist/server/services.js';
import type { Query } from '../../protocol/query.js';

// Everything at once, in an order that only the seed decides: queries that are withdrawn, exports that nobody reads to
// their end, loads that are stopped, files that are rewritten under them, frames that are forgotten.

vi.setConfig({ testTimeout: 120_000 });
const BUILT = new URL('../../dist/', import.meta.url);

/** Version `v` of the file has FEW + v rows, and `v` in each: what a frame tells of both has to agree. */
const FEW = 70_000;
const NAMES = ['a', 'b'];
const STEPS = 300;

let dir: string;
let services: Services;
let catalog: Catalog;
let frames: FrameCache;
const strange: unknown[] = [];
const note = (error: unknown): void => void strange.push(error);

function write(name: string, version: number): void {
  writeFileSync(join(dir, `${name}.csv`), `v,row\n${`${version},7\n`.repeat(FEW + version)}`);
}

beforeEach(async () => {
  strange.length = 0;
  process.on('unhandledRejection', note);
  process.on('warning', note);
  dir = mkdtempSync(join(tmpdir(), 'halftone-storm-'));
  services = await openServices({
    cacheDir: join(dir, 'cache'),
    // Two columns of two bytes a row, and a few more: leases have to wait for one another.
    memoryLimit: 5 * 64 * 1024,
    loadMemory: 2 ** 30,
    pool: createPool({ threads: 2, filename: new URL('workers/tasks.js', BUILT).href }),
    warn: () => undefined,
  });
  catalog = createCatalog({
    parts: services.catalogParts,
    events: createEventHub({ epoch: 't' }),
    now: () => performance.now(),
  });
  frames = createFrameCache({
    engine: rebuildingEngine(services.engine, catalog),
    maxBytes: 20_000,
  });
});

afterEach(async () => {
  await catalog.close();
  await services.close();
  process.off('unhandledRejection', note);
  process.off('warning', note);
  rmSync(dir, { recursive: true, force: true });
});

/** Numbers from 0 to below `n`, the same for each seed (mulberry32). */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const openFiles = (): number => readdirSync('/proc/self/fd').length;

/** What may befall a request in a storm; anything else is a defect. */
const EXPECTED = new Set(['CANCELLED', 'DATASET_LOADING', 'LOAD_CANCELLED', 'MEMORY_EXHAUSTED']);
function isExpected(error: unknown): boolean {
  if ((error as Error).name === 'AbortError') return true;
  return error instanceof HalftoneError && EXPECTED.has(error.code);
}

async function ask(name: string, low: number, signal: AbortSignal): Promise<boolean> {
  const query: Query = {
    dataset: name,
    mark: 'value',
    aggregate: { op: 'sum', column: 'v' },
    filters: [{ op: 'range', column: 'row', min: low }],
  };
  const snapshot = catalog.snapshot(name);
  const canonical = canonicalQuery(query);
  const { entry } = await frames.get(snapshot, keyOf(canonical), canonical, signal);
  const { metadata, bytes } = entry.frame;
  expect(metadata.snapshot).toBe(snapshot.manifest.id);
  expect(metadata.rows.total).toBe(snapshot.manifest.rows);
  const rows = metadata.rows.total;
  const sum = Number(tableFromIPC(bytes.slice()).getChild('value').at(0));
  expect(sum).toBe(rows * (rows - FEW));
  return true;
}

/** Reads a few pieces of an export, or all of them. */
async function read(name: string, pieces: number, signal: AbortSignal): Promise<boolean> {
  const { manifest } = catalog.snapshot(name);
  let rows = 0;
  let left = pieces;
  for await (const bytes of services.engine.rows(catalog.snapshot(name), [], signal)) {
    const table = tableFromIPC(bytes);
    rows += table.numRows;
    expect(new Set(table.getChild('v').toArray())).toEqual(new Set([manifest.rows - FEW]));
    if (--left === 0) return true;
  }
  expect(rows).toBe(manifest.rows);
  return true;
}

test.each([1, 2, 3])('a storm of requests leaves everything as it was: seed %i', async (seed) => {
  const roll = dice(seed);
  const versions = new Map(NAMES.map((name) => [name, 1]));
  for (const name of NAMES) write(name, 1);
  catalog.add(
    NAMES.map((name) => ({
      name,
      kind: 'csv' as const,
      files: [join(dir, `${name}.csv`)],
      united: false,
      csv: {},
      strict: false,
    })),
  );
  await catalog.idle();
  await ask('a', 0, new AbortController().signal);
  const filesBefore = openFiles();
  const asked: Promise<boolean>[] = [];
  const begin = (request: Promise<boolean>): void => {
    asked.push(request);
    // Looked at in the end.
    request.catch(() => undefined);
  };
  const going: AbortController[] = [];

  for (let step = 0; step < STEPS; step++) {
    const name = NAMES[roll(NAMES.length)]!;
    const controller = new AbortController();
    const what = roll(100);
    if (what < 60) begin(ask(name, -roll(6), controller.signal));
    else if (what < 72) begin(read(name, 1 + roll(3), controller.signal));
    else if (what < 88) going[roll(Math.max(1, going.length))]?.abort();
    else if (what < 92) void frames.clear(roll(2) === 0 ? {} : { dataset: name });
    else if (what < 95) catalog.cancel(name);
    else {
      const version = versions.get(name)! + 1;
      versions.set(name, version);
      write(name, version);
      if (catalog.get(name).progress === undefined) void catalog.checkSources();
    }
    going.push(controller);
    for (let turns = roll(4); turns > 0; turns--) await turn();
  }

  const outcomes = await Promise.allSettled(asked);
  const wrong = outcomes.filter((one) => one.status === 'rejected' && !isExpected(one.reason));
  expect(wrong).toEqual([]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(30);

  await catalog.idle();
  // A load that was stopped is not tried again by itself.
  for (const name of NAMES) catalog.reload(name);
  await catalog.idle();
  for (const name of NAMES) {
    expect(catalog.get(name)).toMatchObject({
      status: 'ready',
      rows: FEW + versions.get(name)!,
    });
    expect(catalog.get(name)).not.toHaveProperty('stale');
    await ask(name, 0, new AbortController().signal);
  }
  await expect.poll(() => services.columnUse()).toMatchObject({ pinnedBytes: 0 });
  const { bytes, maxBytes } = services.columnUse();
  expect(bytes).toBeLessThanOrEqual(maxBytes);
  await frames.clear({});
  expect(frames.bytesHeld).toBe(0);
  expect(frames.entries()).toEqual([]);
  // A child that waits for the next load has pipes of its own.
  await services.endLoads();
  await expect.poll(openFiles).toBeLessThanOrEqual(filesBefore);
  expect(strange).toEqual([]);
});
