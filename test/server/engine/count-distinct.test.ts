import { describe, expect, test } from 'vitest';
import { stretchesOf } from '../../../workers/scan/stretch.js';
import { countDistinct } from '../../../server/engine/count-distinct.js';
import { Run } from '../../../server/engine/run.js';
import type { Scratch } from '../../../server/memory/lease.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type TestColumn } from '../../helpers/memory-snapshot.js';
import { testColumn } from '../../helpers/test-columns.js';

const ROWS = 20_000;

/** Room for so many bytes, and what was asked of it. */
function roomOf(roomBytes: number): Scratch & { asked: number[] } {
  const asked: number[] = [];
  return { roomBytes, asked, take: async (bytes) => void asked.push(bytes), release: () => {} };
}

function runOver(column: TestColumn, scratch?: Scratch): Run {
  const { table } = memorySnapshot([column], 8192);
  const stretches = stretchesOf(table.batchRows, () => true);
  return new Run({ pool: inlinePool(), table, predicate: null, stretches, scratch });
}

const numbers: TestColumn = {
  name: 'v',
  storage: 'float64',
  logical: { kind: 'float', bits: 64 },
  values: Array.from({ length: ROWS }, (_, i) =>
    i % 11 === 0 ? null : i % 13 === 0 ? NaN : i % 17 === 0 ? -0 : ((i * 7919) % 15_013) / 7,
  ),
};

describe('distinct values in little memory', () => {
  test.each([
    ['f64', numbers],
    ['f64', testColumn('odd', ROWS)],
    ['i64', testColumn('int64', ROWS)],
    ['i64', testColumn('big', ROWS)],
  ] as const)('are those of a set, in one part and in many: %s', async (form, column) => {
    const values = column.values.filter((value) => value !== null && !Number.isNaN(value));
    for (const room of [Infinity, 500_000]) {
      const scratch = roomOf(room);
      const run = runOver(column, scratch);
      const found = await countDistinct(run, 0, form);
      // A set takes -0 for 0, as the engine does.
      expect(found).toEqual({ value: new Set(values).size, seen: values.length, matched: ROWS });
      for (const bytes of scratch.asked) expect(bytes).toBeLessThanOrEqual(room);
    }
  });

  test('are counted in more scans the less room there is', async () => {
    const [much, little] = [runOver(numbers, roomOf(1e9)), runOver(numbers, roomOf(1e6))];
    await countDistinct(much, 0, 'f64');
    await countDistinct(little, 0, 'f64');
    expect(much.scans).toBe(2);
    expect(little.scans).toBeGreaterThan(4);
  });
});

test('a sketch tells about how many distinct values there are', async () => {
  for (const distinct of [1, 100, 5000, 20_000]) {
    const values = Array.from({ length: ROWS }, (_, i) => (i % distinct) / 3);
    const run = runOver({ ...numbers, values });
    const { result } = await run.compute<'distinct sketch'>({
      kind: 'distinct sketch',
      column: 0,
      form: 'f64',
    });
    expect(Math.abs(result.distinct - distinct)).toBeLessThanOrEqual(0.04 * distinct);
  }
});
