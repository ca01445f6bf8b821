import { describe, expect, test } from 'vitest';
import { tableFromIPC } from '@uwdata/flechette';
import type { Query } from '../../../../protocol/query.js';
import { createEngine } from '../../../../server/engine/create-engine.js';
import { inlinePool } from '../../../helpers/inline-pool.js';
import { memorySnapshot } from '../../../helpers/memory-snapshot.js';
import { randomNumbers } from '../../../helpers/test-columns.js';

const ROWS = 40_000;
const SAMPLING = { worthMs: 0, budgetNs: 1e5, runRows: 16 };

const random = randomNumbers(5);
const doubles = (values: number[], name: string) => ({
  name,
  storage: 'float64' as const,
  logical: { kind: 'float', bits: 64 } as const,
  values,
});
const table = memorySnapshot([
  doubles(
    Array.from({ length: ROWS }, (_, i) => i),
    'at',
  ),
  doubles(
    Array.from({ length: ROWS }, () => random() % 1000),
    'x',
  ),
  doubles(
    Array.from({ length: ROWS }, () => random() % 1000),
    'y',
  ),
  {
    name: 'letter',
    storage: 'dict8',
    logical: { kind: 'text' },
    values: Array.from({ length: ROWS }, () => 'abc'[random() % 3]!),
  },
]);

const engineOf = (sampling: Partial<typeof SAMPLING> = {}, threads = 2) =>
  createEngine({
    store: table.store,
    pool: inlinePool(threads),
    sampling: { ...SAMPLING, ...sampling },
  });

const sampleOf = (query: Omit<Query, 'dataset'>, engine = engineOf()) =>
  engine.sample(table.snapshot, { dataset: 'test', ...query });

const SCATTER = { mark: 'scatter', x: 'x', y: 'y', width: 20, height: 10 } as const;

describe('a sample', () => {
  test('is a function of the snapshot and the query: no matter how many threads, or how often', async () => {
    for (const query of [
      SCATTER,
      { mark: 'value', aggregate: { op: 'sum', column: 'x' } } as const,
      { mark: 'bar', x: 'letter', aggregate: { op: 'mean', column: 'y' } } as const,
      {
        mark: 'line',
        x: 'at',
        y: 'x',
        width: 100,
        filters: [{ op: 'range', column: 'y', min: 10 }],
      } as never,
    ]) {
      const [one, other] = await Promise.all([sampleOf(query), sampleOf(query, engineOf({}, 5))]);
      expect(Buffer.compare(one!.bytes, other!.bytes)).toBe(0);
    }
  });

  test('reads the same rows for another part of the picture', async () => {
    const rows = async (domain: NonNullable<Query['domain']>) => {
      const line = await sampleOf({
        mark: 'line',
        method: 'minmax',
        x: 'at',
        y: 'x',
        width: 2000,
        domain,
        filters: [{ op: 'range', column: 'y', min: -1 }],
      });
      return [...(tableFromIPC(line!.bytes).getChild('row')!.toArray() as Uint32Array)];
    };
    const all = await rows({ x: [0, ROWS] });
    const part = await rows({ x: [10_000, 10_400] });
    const read = await sampleOf({ ...SCATTER });
    expect(read!.plan.rowsTouched).toBeLessThan(ROWS / 4);
    // What is seen of the whole is among what is seen of a part: zooming in only adds to it.
    const seen = new Set(part);
    for (const row of all.filter((at) => at > 10_000 && at < 10_400)) expect(seen).toContain(row);
    expect(part.length).toBeGreaterThan(20);
  });

  test('says what it is: an estimate, from which share, by how much it may be off', async () => {
    const frame = (await sampleOf({ ...SCATTER, domain: { x: [100, 400], y: [0, 999] } }))!;
    const { metadata, plan } = frame;
    expect(metadata).toMatchObject({
      exact: false,
      estimated: true,
      method: 'density',
      bound: expect.stringMatching(
        /^1 row in [\d.]+ was read; with 95 % confidence rows drawn ±\d+, every cell ±\d+ rows$/u,
      ) as string,
    });
    expect(metadata.share).toBeCloseTo(plan.rowsTouched / ROWS, 12);
    expect(metadata.rows.matched).toBe(ROWS);
    expect(metadata.margin!.matched).toBe(0);
    expect(metadata.margin!.drawn).toBeGreaterThan(0);
    expect(plan.tier).toBe('sample');
    expect(plan.reason).toMatch(/^1 row in \d+, in runs of 16 that are spread over all rows$/u);
    const counts = [...(tableFromIPC(frame.bytes).getChild('count')!.toArray() as Uint8Array)];
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(metadata.rows.drawn);
  });

  test('tells the legend in rows of the snapshot', async () => {
    const frame = await sampleOf({ ...SCATTER, color: 'letter' });
    const { color } = frame!.metadata;
    if (color?.kind !== 'category') throw new Error('No legend.');
    const rows = color.categories.reduce((sum, { count }) => sum + count, 0);
    expect(Math.abs(rows - ROWS)).toBeLessThan(3);
    expect(color.categories.map(({ role }) => role)).toEqual(['value', 'value', 'value']);
  });

  test('says so where none of its rows has a place', async () => {
    const frame = await sampleOf({
      ...SCATTER,
      filters: [{ op: 'range', column: 'x', min: 5, max: 5.5, minExclusive: true }],
    });
    expect(frame!.metadata).toMatchObject({
      exact: false,
      estimated: true,
      domain: null,
      rows: { total: ROWS, matched: 0, drawn: 0 },
    });
  });

  test('is not taken where the exact answer is quick', async () => {
    expect(await sampleOf(SCATTER, engineOf({ worthMs: 1000 }))).toBeNull();
  });

  test('is not taken where it would be no answer', async () => {
    for (const query of [
      { mark: 'rows' },
      { mark: 'value', aggregate: { op: 'distinct', column: 'x' } },
      { mark: 'line', x: 'x', y: 'y', method: 'lttb' },
    ] as const) {
      expect(await sampleOf(query)).toBeNull();
    }
  });

  test('is not taken where it would be as large as all, or a handful of runs', async () => {
    expect(await sampleOf(SCATTER, engineOf({ budgetNs: 1e9 }))).toBeNull();
    expect(await sampleOf(SCATTER, engineOf({ budgetNs: 1e4 }))).toBeNull();
  });

  test('is not taken of columns that do not fit into memory: it would read all of them', async () => {
    const store = { ...table.store, sizeOf: () => ({ bytes: 2, maxBytes: 1 }) };
    const engine = createEngine({ store, pool: inlinePool(2), sampling: SAMPLING });
    expect(await sampleOf(SCATTER, engine)).toBeNull();
  });

  test('refuses what an exact answer refuses', async () => {
    await expect(sampleOf({ ...SCATTER, x: 'nothing' })).rejects.toMatchObject({
      code: 'COLUMN_UNKNOWN',
    });
  });

  test('ends when nobody waits for it', async () => {
    const gone = new AbortController();
    gone.abort();
    const query = { dataset: 'test', ...SCATTER };
    await expect(engineOf().sample(table.snapshot, query, gone.signal)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});
