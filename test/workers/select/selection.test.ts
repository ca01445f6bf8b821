import { describe, expect, test } from 'vitest';
import type { TableView } from '../../../workers/columns.js';
import { scan, type ScanTask } from '../../../workers/scan/scan.js';
import type { Predicate } from '../../../workers/scan/predicate.js';
import { stretchesOf } from '../../../workers/scan/stretch.js';
import { knownBlocks, verdictOfCount } from '../../../workers/scan/verdict.js';
import { bitBytes, fillBits } from '../../../workers/select/fill-bits.js';
import type { KeptBits } from '../../../workers/select/selection.js';
import { memorySnapshot, type TestColumn } from '../../helpers/memory-snapshot.js';
import { randomNumbers } from '../../helpers/test-columns.js';

// Batches that end within a block, on the edge of one, and within a word of 64 rows.
const ROWS = 60_003;
const BATCH = 20_000;
const random = randomNumbers(5);
const columns: TestColumn[] = ['a', 'b'].map((name) => ({
  name,
  storage: 'uint16',
  logical: { kind: 'integer', bits: 32, signed: true },
  values: Array.from({ length: ROWS }, (_, i) =>
    // The second half of the table has whole blocks that pass all of a filter, or nothing of it.
    i < ROWS / 2 ? random() % 100 : Math.floor(i / 9000) * 10,
  ),
}));
const { table } = memorySnapshot(columns, BATCH);

/** Runs a filter over all batches and gives its bits beside the table, every unused byte of memory set. */
function filled(predicate: Predicate): {
  table: TableView;
  kept: KeptBits;
  verdicts: Uint8Array[];
} {
  const sizes = table.batchRows.map(bitBytes);
  const slab = new SharedArrayBuffer(sizes.reduce((sum, size) => sum + size + 64, 0));
  new Uint8Array(slab).fill(255);
  let offset = 0;
  const kept = sizes.map((length) => {
    const span = { slab: table.slabs.length, offset, length };
    offset += length + 64;
    return span;
  });
  const beside = { ...table, slabs: [...table.slabs, slab] };
  const into = kept.map((span, batch) => ({ batch, span }));
  const result = fillBits({ table: beside, predicate, into });
  if (result.withdrawn) throw new Error('Nobody has withdrawn it.');
  return { table: beside, kept, verdicts: result.verdicts };
}

const range = (column: number, low: number, high: number): Predicate => ({
  test: 'range',
  column,
  form: 'raw',
  low,
  high,
});
const passes = (column: number, low: number, high: number, row: number): boolean => {
  const value = columns[column]!.values[row] as number;
  return value >= low && value <= high;
};

const digest = { kind: 'tally', column: 0, as: { form: 'small', base: 0, size: 100 } } as const;
const found = (
  task: Omit<ScanTask, 'plan' | 'stretches'>,
  stretches = stretchesOf(table.batchRows),
) =>
  // prettier-ignore
  scan({ ...task, stretches, plan: digest });

describe('bits of a filter', () => {
  test('are those of a look at every row, and 0 beyond the last', () => {
    const { table: beside, kept, verdicts } = filled(range(0, 20, 60));
    let row = 0;
    for (const [batch, rows] of table.batchRows.entries()) {
      const { slab, offset, length } = kept[batch]!;
      const bytes = new Uint8Array(beside.slabs[slab]!, offset, length);
      const counted = new Uint16Array(Math.ceil(rows / 8192));
      for (let i = 0; i < length * 8; i++) {
        const bit = (bytes[i >> 3]! >> (i & 7)) & 1;
        const wanted = i < rows && passes(0, 20, 60, row + i) ? 1 : 0;
        if (bit !== wanted) throw new Error(`Row ${i} of batch ${batch} is ${bit}.`);
        if (i < rows) counted[Math.floor(i / 8192)]! += wanted;
      }
      const judged = counted.map((count, k) =>
        verdictOfCount(count, Math.min(8192, rows - k * 8192)),
      );
      expect([...verdicts[batch]!]).toEqual([...judged]);
      // What lies behind it is somebody else's.
      expect(new Uint8Array(beside.slabs[slab]!, offset + length, 64).every((b) => b === 255)).toBe(
        true,
      );
      row += rows;
    }
  });

  test('are not told of a filter that was withdrawn', () => {
    const cancel = { words: new Int32Array(new SharedArrayBuffer(4)).fill(1), index: 0 };
    const { slab, offset, length } = filled(range(0, 1, 2)).kept[0]!;
    const into = [{ batch: 0, span: { slab: slab - 1, offset, length } }];
    const beside = { ...table, slabs: table.slabs.map(() => new SharedArrayBuffer(2 ** 16)) };
    const task = { table: beside, predicate: range(0, 1, 2), into, cancel };
    expect(fillBits(task)).toEqual({ withdrawn: true });
  });
});

const CASES = [
  [range(0, 20, 60), range(1, 50, 99)],
  [range(0, 0, 99), range(1, 0, 99)],
  [range(0, 0, 99), range(1, 10, 40)],
  [range(0, 200, 300), range(1, 0, 99)],
  [range(0, 30, 40), range(1, 60, 60)],
  [range(0, 7, 7), range(1, 8, 8)],
] as const;

describe.each(CASES)('a scan of two filters, %o and %o', (first, second) => {
  const [one, other] = [filled(first), filled(second)];
  const slabs = [...one.table.slabs, other.table.slabs.at(-1)!];
  const ofOther = other.kept.map((span) => span && { ...span, slab: span.slab + 1 });
  const beside = { ...table, slabs };
  const expected = found({ table, predicate: { test: 'all', of: [first, second] } });
  const [a, b] = [first, second] as { low: number; high: number }[];

  test('finds what a look at every row finds', () => {
    let matched = 0;
    for (let row = 0; row < ROWS; row++)
      if (passes(0, a!.low, a!.high, row) && passes(1, b!.low, b!.high, row)) matched++;
    expect(expected).toMatchObject({ withdrawn: false, matched });
  });

  test('finds the same with bits of one, of the other, of both', () => {
    const { kept } = one;
    expect(found({ table: beside, predicate: second, kept: [kept] })).toEqual(expected);
    expect(found({ table: beside, predicate: first, kept: [ofOther] })).toEqual(expected);
    expect(found({ table: beside, predicate: null, kept: [kept, ofOther] })).toEqual(expected);
  });

  test('finds the same where blocks are known', () => {
    const known = stretchesOf(table.batchRows).map((stretch) => ({
      ...stretch,
      blocks: knownBlocks(stretch, [one.verdicts[stretch.batch], other.verdicts[stretch.batch]]),
    }));
    const both: Predicate = { test: 'all', of: [first, second] };
    expect(found({ table, predicate: both }, known)).toEqual(expected);
    const kept = [one.kept, ofOther];
    expect(found({ table: beside, predicate: null, kept }, known)).toEqual(expected);
    // What is known of one filter alone leaves blocks out, and is sure of none.
    const half = stretchesOf(table.batchRows).map((stretch) => {
      const blocks = knownBlocks(stretch, [one.verdicts[stretch.batch], undefined]);
      expect(blocks.sure).toBe(0);
      return { ...stretch, blocks };
    });
    expect(found({ table, predicate: both }, half)).toEqual(expected);
  });
});
