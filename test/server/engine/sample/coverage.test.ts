import { tableFromIPC } from '@uwdata/flechette';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Query } from '../../../../protocol/query.js';
import { createEngine } from '../../../../server/engine/create-engine.js';
import type { Frame } from '../../../../server/engine/engine.js';
import { inlinePool } from '../../../helpers/inline-pool.js';
import { memorySnapshot } from '../../../helpers/memory-snapshot.js';

const ROWS = 120_000;
const SEEDS = 40;
/** A margin of 95 % is missed by 2 of 40 samples; 7 or more would be an accident of 1 in 300. */
const MOST_MISSES = 6;

/**
 * Rows as tables have them: `time` ascends, `station` comes in runs, `level` drifts with time, `amount` has a long
 * tail and gaps.
 */
function makeTable() {
  let state = 1;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const normal = (): number => random() + random() + random() + random() - 2;
  const rows = Array.from({ length: ROWS }, (_, i) => ({
    time: i + random(),
    station: `station ${Math.floor(i / 700) % 7}`,
    level: Math.sin(i / 9000) * 3 + normal(),
    amount: random() < 0.05 ? null : Math.round(Math.exp(normal() * 1.5) * 100),
  }));
  const float = { kind: 'float', bits: 64 } as const;
  return memorySnapshot(
    [
      { name: 'time', storage: 'float64', logical: float, values: rows.map(({ time }) => time) },
      {
        name: 'station',
        storage: 'dict8',
        logical: { kind: 'text' },
        values: rows.map(({ station }) => station),
      },
      { name: 'level', storage: 'float64', logical: float, values: rows.map(({ level }) => level) },
      {
        name: 'amount',
        storage: 'int32',
        logical: { kind: 'integer', bits: 32, signed: true },
        values: rows.map(({ amount }) => amount),
      },
    ],
    2 ** 16,
  );
}

/** What a frame says of each of its marks: by key the count and the value. */
function marksOf({ bytes, metadata }: Frame): Map<string, { count: number; value: number }> {
  const table = tableFromIPC(bytes);
  const names = table.schema.fields.map(({ name }) => name);
  const keys = ['cell', 'key', 'lo', 'x', 'series', 'color'].filter((name) => names.includes(name));
  const marks = new Map<string, { count: number; value: number }>();
  for (const [i, row] of table.toArray().entries()) {
    const mark = row as Record<string, unknown>;
    const place = metadata.layout === 'dense' ? [i] : keys.map((name) => mark[name]);
    marks.set(place.join(), { count: Number(mark['count']), value: Number(mark['value']) });
  }
  return marks;
}

type Marks = ReturnType<typeof marksOf>;

/** How far the worst mark is off; a mark that is missing on one side is 0 there. */
function worst(a: Marks, b: Marks, of: 'count' | 'value'): number {
  let most = 0;
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    most = Math.max(most, Math.abs((a.get(key)?.[of] ?? 0) - (b.get(key)?.[of] ?? 0)));
  }
  return most;
}

const QUERIES: Record<string, Partial<Query> & Pick<Query, 'mark'>> = {
  'a scatter': { mark: 'scatter', x: 'level', y: 'amount', width: 40, height: 30 },
  'a scatter over time': { mark: 'scatter', x: 'time', y: 'level', width: 50, height: 20 },
  'a scatter with a filter': {
    mark: 'scatter',
    x: 'level',
    y: 'amount',
    width: 40,
    height: 30,
    domain: { x: [-4, 4], y: [0, 500] },
    filters: [{ op: 'in', column: 'station', values: ['station 1', 'station 4'] }],
  },
  'a scatter of categories': {
    mark: 'scatter',
    x: 'level',
    y: 'amount',
    color: 'station',
    width: 20,
    height: 10,
    domain: { x: [-4, 4], y: [0, 500] },
  },
  'a histogram': { mark: 'histogram', x: 'level', bins: 30, domain: { x: [-3, 3] } },
  'a histogram of what comes in order': { mark: 'histogram', x: 'time', bins: 40 },
  'a histogram of series': { mark: 'histogram', x: 'level', color: 'station', bins: 10 },
  bars: { mark: 'bar', x: 'station' },
  'bars of sums': { mark: 'bar', x: 'station', aggregate: { op: 'sum', column: 'amount' } },
  'a heatmap': { mark: 'heatmap', x: 'time', y: 'level', cells: { x: 12, y: 10 } },
  'a heatmap of sums': {
    mark: 'heatmap',
    x: 'level',
    y: 'station',
    cells: { x: 12, y: 10 },
    aggregate: { op: 'sum', column: 'amount' },
  },
  'a line of sums': {
    mark: 'line',
    x: { column: 'time', bin: 5000 },
    aggregate: { op: 'sum', column: 'amount' },
    y: 'amount',
  },
  'a count': {
    mark: 'value',
    filters: [{ op: 'range', column: 'level', min: 1 }],
  },
  'a sum': { mark: 'value', aggregate: { op: 'sum', column: 'amount' } },
  'a mean': {
    mark: 'value',
    aggregate: { op: 'mean', column: 'amount' },
    filters: [{ op: 'range', column: 'level', min: 0 }],
  },
  'a median': { mark: 'value', aggregate: { op: 'median', column: 'level' } },
};

describe('the margins of a sample hold in 95 of 100 samples', () => {
  let table: ReturnType<typeof makeTable>;
  beforeAll(() => (table = makeTable()));

  for (const [name, asked] of Object.entries(QUERIES)) {
    test(`for ${name}`, async () => {
      const { snapshot, store } = table;
      const query = { dataset: 'test', ...asked };
      const pool = inlinePool();
      const exact = await createEngine({ store, pool }).frame(snapshot, query);
      // The same cells and bins: the extent of a sample is narrower.
      const { domain } = exact.metadata;
      const framed: Query =
        domain === null || asked.mark === 'bar' || asked.mark === 'value'
          ? query
          : { ...query, domain };
      const truth = marksOf(exact);
      const missed = { matched: 0, drawn: 0, count: 0, value: 0 };
      for (let seed = 0; seed < SEEDS; seed++) {
        const sampling = { worthMs: 0, budgetNs: 2e5, runRows: 32, seed: seed * 7919 };
        const frame = await createEngine({ store, pool, sampling }).sample(snapshot, framed);
        const { metadata } = frame!;
        const { rows, margin, estimated, exact: isExact } = metadata;
        expect({ estimated, isExact }).toEqual({ estimated: true, isExact: false });
        expect(rows.drawn + rows.outside + rows.dropped).toBe(rows.matched);
        expect(rows.total).toBe(ROWS);
        const marks = marksOf(frame!);
        const off = (of: 'matched' | 'drawn') => Math.abs(rows[of] - exact.metadata.rows[of]);
        // Rounding to whole rows is no error of the sample.
        if (off('matched') > margin!.matched + 1) missed.matched++;
        if (off('drawn') > margin!.drawn + 1) missed.drawn++;
        if (margin!.count !== undefined && worst(marks, truth, 'count') > margin!.count + 1)
          missed.count++;
        if (margin!.value !== undefined && worst(marks, truth, 'value') > margin!.value + 1)
          missed.value++;
      }
      for (const misses of Object.values(missed)) expect(misses).toBeLessThanOrEqual(MOST_MISSES);
    });
  }
});
