import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TableView } from '../../../workers/columns.js';
import { quantileOf } from '../../../workers/aggregate/select-nth.js';
import { stretchesOf } from '../../../workers/scan/stretch.js';
import { Run } from '../../../server/engine/run.js';
import { searchQuantile } from '../../../server/engine/search-quantile.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot } from '../../helpers/memory-snapshot.js';

/** The columns of a table of these doubles; null is a null. */
function tableOf(values: readonly (number | null)[]): TableView {
  const logical = { kind: 'float', bits: 64 } as const;
  return memorySnapshot([{ name: 'v', logical, storage: 'float64', values }], 4096).table;
}

const runOver = (table: TableView): Run =>
  new Run({
    pool: inlinePool(),
    table,
    predicate: null,
    stretches: stretchesOf(table.batchRows, () => true),
  });

/** The same by sorting all values. */
function bySorting(values: readonly (number | null)[], p: number): number | null {
  const known = values.filter((value) => value !== null && !Number.isNaN(value)) as number[];
  if (known.length === 0) return null;
  return quantileOf(Float64Array.from(known), 0, known.length, p) + 0;
}

const SPECIAL = [0, -0, Infinity, -Infinity, NaN, 5e-324, -5e-324, 1.7976931348623157e308, 1, -1];
const hostile = fc.oneof(
  fc.constantFrom<number | null>(null, ...SPECIAL),
  fc.double(),
  fc.integer({ min: -3, max: 3 }),
);

describe('a quantile that is searched', () => {
  test('is that of all values sorted, whatever they are', async () => {
    const some = fc.array(hostile, { maxLength: 60 });
    const share = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(some, share, fc.constantFrom(0, 1, 7), async (values, p, most) => {
        if (values.length === 0) return;
        const found = await searchQuantile(runOver(tableOf(values)), 0, p, most);
        expect(found.value).toBe(bySorting(values, p));
        expect(found.seen).toBe(values.filter((v) => v !== null && !Number.isNaN(v)).length);
        expect(found.matched).toBe(values.length);
      }),
      { numRuns: 60 },
    );
  });

  test('takes two scans where few values are left after one, and four where one value fills them all', async () => {
    const values = Array.from({ length: 9000 }, (_, i) => Math.sin(i) * 1e4);
    const spread = runOver(tableOf(values));
    expect((await searchQuantile(spread, 0, 0.25, 1000)).value).toBe(bySorting(values, 0.25));
    expect(spread.scans).toBe(2);
    const same = runOver(tableOf(values.map(() => 1 / 3)));
    expect((await searchQuantile(same, 0, 0.25, 1000)).value).toBe(1 / 3);
    expect(same.scans).toBe(4);
  });
});
