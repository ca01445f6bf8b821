import { describe, expect, test } from 'vitest';
import type { Query } from '../../../../protocol/query.js';
import { createEngine } from '../../../../server/engine/create-engine.js';
import { Account } from '../../../../server/memory/account.js';
import type { ColumnStore } from '../../../../server/memory/lease.js';
import type { Snapshot } from '../../../../server/snapshots/manifest.js';
import { inlinePool } from '../../../helpers/inline-pool.js';
import { memorySnapshot, type MemorySnapshot } from '../../../helpers/memory-snapshot.js';
import { randomNumbers, testColumn } from '../../../helpers/test-columns.js';

const BATCH = 2048;
/** So many stretches that all of them together would be cut in other places. */
const STEPS = [4, 6, 9];
const ALL = STEPS.at(-1)! * BATCH;
const random = randomNumbers(11);
const sizes = Array.from({ length: ALL / 2 }, () => 1.1 * 10 ** (random() % 250));
/** Of any size, and the second half takes away what the first half gives: what is left of the sum tells in which order it was made. */
const wild = {
  ...testColumn('cents', ALL),
  name: 'wild',
  values: [...sizes, ...sizes.map((size) => -size)],
};
const columns = [
  ...['int16', 'cents', 'word', 'text', 'flag'].map((kind) => testColumn(kind as 'int16', ALL)),
  wild,
];

/** They ask the same of every snapshot, whatever its rows. */
const SAME: readonly Omit<Query, 'dataset'>[] = [
  { mark: 'histogram', x: 'int16', domain: { x: [-1000, 1000] } },
  { mark: 'bar', x: 'flag', aggregate: { op: 'sum', column: 'int16' } },
  { mark: 'bar', x: 'int16', aggregate: { op: 'max', column: 'cents' }, domain: { x: [1, 2, 3] } },
  { mark: 'bar', x: 'text', aggregate: { op: 'count' } },
  { mark: 'value', aggregate: { op: 'mean', column: 'int16' } },
  { mark: 'value', aggregate: { op: 'min', column: 'cents' } },
  { mark: 'value', aggregate: { op: 'count' } },
  { mark: 'value', aggregate: { op: 'sum', column: 'wild' } },
  { mark: 'value', aggregate: { op: 'mean', column: 'cents' } },
  { mark: 'bar', x: 'flag', aggregate: { op: 'mean', column: 'wild' } },
  {
    mark: 'line',
    x: { column: 'int16', bin: 100 },
    y: ['wild', 'cents'],
    domain: { x: [-1500, 1500] },
    aggregate: { op: 'mean' },
  },
  {
    mark: 'heatmap',
    x: 'int16',
    y: 'cents',
    domain: { x: [-1500, 1500], y: [0, 80] },
    aggregate: { op: 'sum', column: 'int16' },
  },
  {
    mark: 'scatter',
    method: 'density',
    x: 'cents',
    y: 'int16',
    domain: { x: [0, 90], y: [-1800, 1800] },
    width: 40,
    height: 30,
  },
];
/** Of these a scan looks at all rows wherever something in them has changed. */
const OTHERS: readonly Omit<Query, 'dataset'>[] = [
  { mark: 'histogram', x: 'cents', color: 'word' },
  { mark: 'scatter', x: 'cents', y: 'int16', color: 'word', method: 'density' },
  { mark: 'scatter', x: 'cents', y: 'int16', color: 'cents', method: 'density' },
  { mark: 'scatter', x: 'cents', y: 'int16', budget: 100_000 },
  { mark: 'value', aggregate: { op: 'median', column: 'cents' } },
  {
    mark: 'line',
    x: { column: 'int16', bin: 100 },
    domain: { x: [-1500, 1500] },
    aggregate: { op: 'mean', column: 'wild' },
    band: [0.1, 0.9],
  },
  { mark: 'bar', x: 'word', aggregate: { op: 'distinct', column: 'int16' } },
  { mark: 'bar', x: 'cents', aggregate: { op: 'mean', column: 'wild' } },
  { mark: 'bar', x: 'flag', color: 'word', aggregate: { op: 'sum', column: 'wild' } },
];
const FILTERS: readonly NonNullable<Query['filters']>[] = [
  [],
  [
    { op: 'in', column: 'word', values: ['a', 'ATL', null] },
    { op: 'not', filter: { op: 'range', column: 'cents', max: 50 } },
  ],
];

/** The first batches of the table; each step wrote a segment of its own, unless the table was loaded anew as `load`. */
function grown(step: number, load = 'first'): MemorySnapshot {
  const rows = STEPS[step]! * BATCH;
  const made = memorySnapshot(
    columns.map((column) => ({ ...column, values: column.values.slice(0, rows) })),
    BATCH,
  );
  const { manifest } = made.snapshot;
  const [whole] = manifest.segments;
  const segments = STEPS.slice(0, step + 1).map((end, i) => ({
    ...whole!,
    file: `${i}.arrow`,
    writtenBy: `${load}-${i}`,
    batches: whole!.batches.slice(i === 0 ? 0 : STEPS[i - 1], end),
  }));
  const id = `${load}-${step}`;
  const appendedTo = { id: 'before', rows: 1 };
  const snapshot = { dir: `/cache/t/${id}`, manifest: { ...manifest, id, segments, appendedTo } };
  return { ...made, snapshot };
}

function stage(account?: Account) {
  const stores = new Map<Snapshot, ColumnStore>();
  const store: ColumnStore = {
    ...(account && { account }),
    lease: (snapshot, ...asked) => stores.get(snapshot)!.lease(snapshot, ...asked),
  };
  const keeping = createEngine({ store, pool: inlinePool(), leastKeptRows: 0 });
  const plain = createEngine({ store, pool: inlinePool(), leastKeptRows: Infinity });
  const add = ({ snapshot, store: own }: MemorySnapshot): Snapshot => {
    stores.set(snapshot, own);
    return snapshot;
  };
  return { keeping, plain, add };
}

describe('partials that are kept of the segments of before', () => {
  test('give the frames of a scan of all rows, to the byte, append after append', async () => {
    const { keeping, plain, add } = stage();
    for (const step of STEPS.keys()) {
      const snapshot = add(grown(step));
      for (const mark of [...SAME, ...OTHERS]) {
        for (const filters of SAME.includes(mark) ? FILTERS : FILTERS.slice(0, 1)) {
          const query: Query = { dataset: 'test', ...mark, filters };
          const is = await keeping.frame(snapshot, query);
          const was = await plain.frame(snapshot, query);
          expect(Buffer.compare(is.bytes, was.bytes), JSON.stringify(query)).toBe(0);
        }
      }
    }
  });

  test('leave the rows of an append to be scanned, and the plan says so', async () => {
    const { keeping, add } = stage();
    for (const step of STEPS.keys()) {
      const snapshot = add(grown(step));
      const known = step === 0 ? 0 : STEPS[step - 1]!;
      for (const mark of SAME) {
        const { plan } = await keeping.frame(snapshot, { dataset: 'test', ...mark });
        expect(plan.tier).toBe('scan');
        expect(plan.rowsTouched, JSON.stringify(mark)).toBe((STEPS[step]! - known) * BATCH);
        if (step > 0)
          expect(plan.reason).toContain(
            `what ${known} of ${STEPS[step]!} batches come to was kept`,
          );
      }
    }
  });

  test('are not those of a table that was loaded anew', async () => {
    const { keeping, add } = stage();
    const query: Query = { dataset: 'test', ...SAME[0]! };
    await keeping.frame(add(grown(1)), query);
    const { plan } = await keeping.frame(add(grown(2, 'second')), query);
    expect(plan.rowsTouched).toBe(STEPS[2]! * BATCH);
  });

  test('of the newest snapshot stay when an older one is asked', async () => {
    const { keeping, add } = stage();
    const query: Query = { dataset: 'test', ...SAME[0]! };
    const [older, newer, newest] = [0, 1, 2].map((step) => add(grown(step)));
    await keeping.frame(newer!, query);
    expect((await keeping.frame(older!, query)).plan.rowsTouched).toBe(STEPS[0]! * BATCH);
    const { plan } = await keeping.frame(newest!, query);
    expect(plan.rowsTouched).toBe((STEPS[2]! - STEPS[1]!) * BATCH);
  });

  test('are counted in the account of memory, and give way', async () => {
    const account = new Account({ limitBytes: 1e9 });
    const { keeping, add } = stage(account);
    const query: Query = { dataset: 'test', ...SAME.at(-1)! };
    const before = account.keptBytes;
    await keeping.frame(add(grown(0)), query);
    expect(account.keptBytes - before).toBeGreaterThan(40 * 30);
    account.book(1e9);
    expect(account.keptBytes).toBe(0);
    account.giveBack(1e9);
    const { plan } = await keeping.frame(add(grown(1)), query);
    expect(plan.rowsTouched).toBe(STEPS[1]! * BATCH);
  });

  test('are not made of a snapshot that is no append', async () => {
    const account = new Account({ limitBytes: 1e9 });
    const { keeping, add } = stage(account);
    const { snapshot, ...rest } = grown(0);
    const { appendedTo: _, ...manifest } = snapshot.manifest;
    await keeping.frame(add({ ...rest, snapshot: { ...snapshot, manifest } }), {
      dataset: 'test',
      ...SAME[0]!,
    });
    expect(account.keptBytes).toBe(0);
  });
});
