import { expect, test } from 'vitest';
import { line } from '../../../../workers/marks/line/line.js';
import type { LinePartial, LinePlan } from '../../../../workers/marks/line/plan.js';
import { Withdrawn } from '../../../../workers/scan/cancel.js';
import { scan } from '../../../../workers/scan/scan.js';
import { stretchesOf } from '../../../../workers/scan/stretch.js';
import { memorySnapshot } from '../../../helpers/memory-snapshot.js';
import { randomNumbers, testColumn } from '../../../helpers/test-columns.js';
import { LINE_FRAME } from './scanned-line.js';

const ROWS = 150_000;

test('a choice among all rows, which have to be sorted first, can be withdrawn at any time', () => {
  const random = randomNumbers(1);
  const x = {
    ...testColumn('cents', ROWS, { nullEvery: 0 }),
    name: 'x',
    values: Array.from({ length: ROWS }, () => random() % 1_000_000),
  };
  const { table } = memorySnapshot([x, { ...testColumn('int32', ROWS), name: 'y' }], 2 ** 16);
  const plan: LinePlan = {
    kind: 'line',
    method: 'lttb',
    x: { scale: 'linear', column: 0, low: 0, high: 1_000_000, width: 50 },
    xForm: 'value',
    ascending: false,
    ys: [1],
    logY: false,
    series: null,
    budget: 20,
    offset: { origin: 0, bits: 64 },
    outline: null,
  };
  const scanned = scan({ table, predicate: null, plan, stretches: stretchesOf(table.batchRows) });
  if (scanned.withdrawn) throw new Error('Nobody withdraws yet.');
  const merge = (check: () => void): unknown =>
    line.merge(plan, [scanned.partial as LinePartial], {
      table,
      total: ROWS,
      matched: ROWS,
      frame: LINE_FRAME,
      check,
    });
  let looks = 0;
  merge(() => looks++);
  // Each of reading, sorting, picking and choosing looks at least once in 65,536 rows.
  expect(looks).toBeGreaterThan(40);
  for (let at = 1; at <= looks; at += Math.ceil(looks / 5)) {
    let before = at;
    const withdrawAt = (): void => {
      if (--before === 0) throw new Withdrawn();
    };
    expect(() => merge(withdrawAt)).toThrow(Withdrawn);
  }
});
