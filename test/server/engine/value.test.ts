import { tableFromIPC } from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import type { Aggregate, Filter } from '../../../protocol/query.js';
import { createEngine } from '../../../server/engine/create-engine.js';
import { inlinePool } from '../../helpers/inline-pool.js';
import { memorySnapshot, type TestColumn } from '../../helpers/memory-snapshot.js';
import { doubleOf, testColumn } from '../../helpers/test-columns.js';

const ROWS = 9001;

async function valueOf(
  column: TestColumn,
  aggregate: Aggregate | undefined,
  filters: Filter[] = [],
) {
  const { snapshot, store } = memorySnapshot([column], 8192);
  const engine = createEngine({ store, pool: inlinePool() });
  const frame = await engine.frame(snapshot, {
    dataset: 'test',
    mark: 'value',
    filters,
    ...(aggregate && { aggregate }),
  });
  const table = tableFromIPC(frame.bytes);
  return {
    value: table.getChild('value').at(0) as number | null,
    count: table.getChild('count').at(0) as number,
    rows: frame.metadata.rows,
  };
}

describe.each(['int8', 'int64', 'cents', 'odd', 'decimal', 'decimal64', 'uint64', 'float32'])(
  'of %s',
  (kind) => {
    const column = testColumn(kind, ROWS);
    const values = column.values
      .map((_, row) => doubleOf(column, row))
      .filter((value) => !Number.isNaN(value));

    test('count, sum, mean, least and greatest are those of all values', async () => {
      const expected = {
        sum: values.reduce((sum, value) => sum + value, 0),
        mean: values.reduce((sum, value) => sum + value / values.length, 0),
        min: Math.min(...values),
        max: Math.max(...values),
      };
      for (const op of ['sum', 'mean', 'min', 'max'] as const) {
        const { value, count, rows } = await valueOf(column, { op, column: kind });
        expect(count).toBe(values.length);
        expect(rows).toEqual({
          total: ROWS,
          matched: ROWS,
          drawn: count,
          outside: 0,
          dropped: ROWS - count,
        });
        const exact = expected[op];
        if (!Number.isFinite(exact)) expect(value).toBe(exact);
        else expect(Math.abs(value! - exact)).toBeLessThanOrEqual(1e-9 * Math.abs(exact));
      }
      expect(await valueOf(column, undefined)).toMatchObject({ value: ROWS, count: ROWS });
    });
  },
);

test('is null where no row has a value', async () => {
  const column = testColumn('int8', ROWS);
  const filters: Filter[] = [{ op: 'null', column: 'int8' }];
  const { value, count, rows } = await valueOf(column, { op: 'mean', column: 'int8' }, filters);
  expect([value, count]).toEqual([null, 0]);
  expect(rows.dropped).toBe(rows.matched);
});
