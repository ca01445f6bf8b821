import { expect, test } from 'vitest';
import { addExactly } from '../../../workers/aggregate/exact-sum.js';
import { openGroupSums } from '../../../workers/aggregate/group-sums.js';
import { openWholeSum } from '../../../workers/aggregate/whole-sum.js';
import { BLOCK_ROWS, type TableView } from '../../../workers/columns.js';
import { Arena } from '../../../workers/kernels/arena.js';
import { kernelsFor } from '../../../workers/kernels/load.js';
import type { Block } from '../../../workers/scan/block.js';
import { randomNumbers } from '../../helpers/test-columns.js';

const PLAN = { op: 'sum', column: 0, form: 'value', scale: 0 } as const;

/** Blocks of a column of doubles in three groups out of four; of some rows there is no value where there are nulls. */
function openColumn(nulls: number) {
  const arena = new Arena();
  const kernels = kernelsFor(arena);
  const batch = { storage: 'float64', nulls, notFinite: 0 };
  const table = { columns: [{ logical: { kind: 'float' }, batches: [batch] }] };
  const values = arena.f64(BLOCK_ROWS);
  const groups = arena.i32(BLOCK_ROWS);
  const random = randomNumbers(nulls + 5);
  return {
    scope: { arena, kernels, table: table as unknown as TableView },
    groups,
    values,
    fill: (size: number): Block => {
      for (let i = 0; i < BLOCK_ROWS; i++) {
        groups[i] = random() % 4 === 0 ? -1 : random() % size;
        const isNull = nulls > 0 && random() % 5 === 0;
        values[i] = isNull ? NaN : ((random() % 1000) - 400) / 7 / 10 ** (random() % 9);
      }
      return { rows: BLOCK_ROWS, mask: null, f64: () => values } as unknown as Block;
    },
  };
}

test.each([0, 7])(
  'sums by group are those of one value after the other, with %i nulls',
  (nulls) => {
    const { scope, groups, values, fill } = openColumn(nulls);
    const sums = openGroupSums(PLAN, scope);
    const most = 20_000;
    const [rows, counts] = [new Uint32Array(most), new Uint32Array(most)];
    const [expected, rests] = [new Float64Array(most), new Float64Array(most)];
    // They become too many for the kernels on the way.
    for (const size of [3, 500, 500, 8192, 9000, 700, most]) {
      const block = fill(size);
      for (let i = 0; i < block.rows; i++) {
        const group = groups[i]!;
        if (group < 0) continue;
        rows[group]!++;
        if (Number.isNaN(values[i]!)) continue;
        counts[group]!++;
        addExactly(expected, rests, group, values[i]!);
      }
      sums.add(block, groups, size);
    }
    expect(sums.partial(most, rows)).toEqual({ op: 'sum', counts, sums: expected, rests });
  },
);

test('the sum of all rows is that of one value after the other', () => {
  const { scope, values, fill } = openColumn(7);
  const sum = openWholeSum(PLAN, scope);
  const [expected, rest] = [new Float64Array(1), new Float64Array(1)];
  let seen = 0;
  for (let i = 0; i < 5; i++) {
    sum.add(fill(1));
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      addExactly(expected, rest, 0, value);
      seen++;
    }
  }
  const counts = Uint32Array.of(seen);
  const aggregate = { op: 'sum', counts, sums: expected, rests: rest };
  expect(sum.partial()).toEqual({ seen, aggregate });
});
