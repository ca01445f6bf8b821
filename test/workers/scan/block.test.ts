import { expect, test } from 'vitest';
import { Arena } from '../../../workers/kernels/arena.js';
import { kernelsFor } from '../../../workers/kernels/load.js';
import { Block } from '../../../workers/scan/block.js';
import { memorySnapshot } from '../../helpers/memory-snapshot.js';
import { doubleOf, randomNumbers, testColumn } from '../../helpers/test-columns.js';

const ROWS = 20_000;
const BATCH = 12_001;

test.each([
  ['odd', 0],
  ['odd', 3],
  ['cents', 0],
  ['float32', 0],
  ['int16', 5],
  ['decimal', 0],
])(
  'a packed block of %s, with a null every %i rows, has the doubles of the rows that pass',
  (kind, nullEvery) => {
    const column = testColumn(kind, ROWS, { nullEvery });
    const { table } = memorySnapshot([column], BATCH);
    const arena = new Arena();
    const kernels = kernelsFor(arena);
    const block = new Block(table, arena, kernels);
    const random = randomNumbers(7);
    for (const [batch, from, to, firstRow] of [
      [0, 0, BATCH, 0],
      [0, 8192, BATCH, 8192],
      [1, 0, ROWS - BATCH, BATCH],
    ] as const) {
      for (const oneIn of [1, 2, 5, 8, 1000]) {
        block.seek({ batch, from, to, firstRow }, from);
        const mask = arena.u8(8192);
        const rows: number[] = [];
        for (let i = 0; i < block.rows; i++) {
          mask[i] = random() % oneIn === 0 ? 1 : 0;
          if (mask[i] === 1) rows.push(firstRow + i);
        }
        block.mask = mask;
        block.matched = rows.length;
        // What has been asked for before the block is packed changes nothing.
        if (oneIn === 5) block.f64(0);
        block.pack();
        const found = [...block.f64(0).subarray(0, block.rows)];
        expect(found).toEqual(rows.map((row) => doubleOf(column, row)));
        expect([...block.f64(0).subarray(0, block.rows)]).toEqual(found);
      }
    }
  },
);
