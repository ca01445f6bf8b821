import { describe, expect, test } from 'vitest';
import type { TableView } from '../../../workers/columns.js';
import { Arena } from '../../../workers/kernels/arena.js';
import { kernelsFor } from '../../../workers/kernels/load.js';
import { joinPairCounts, openPairCounts } from '../../../workers/scan/pair-counts.js';
import { randomNumbers } from '../../helpers/test-columns.js';

const arena = new Arena();
arena.reset();
const kernels = kernelsFor(arena);
const SLOTS = 5;

/** Counts blocks of random rows, and the same in a Map. */
function counted(size: number, blocks: number, seed: number, most = size) {
  arena.reset();
  const random = randomNumbers(seed);
  const pairs = openPairCounts(size, SLOTS, { table: {} as TableView, arena, kernels });
  const cells = arena.i32(8192);
  const slots = arena.u16(8192);
  const twin = new Map<number, number>();
  const lost = [0, 0, 0];
  for (let b = 0; b < blocks; b++) {
    const rows = b === 0 ? 8191 : 8192;
    for (let i = 0; i < rows; i++) {
      cells[i] = random() % 10 === 0 ? -1 - (random() % 3) : random() % most;
      slots[i] = random() % SLOTS;
      if (cells[i]! < 0) lost[-1 - cells[i]!]!++;
      else {
        const key = cells[i]! * SLOTS + slots[i]!;
        twin.set(key, (twin.get(key) ?? 0) + 1);
      }
    }
    pairs.add(cells, slots, rows);
  }
  const entries = [...twin].sort(([a], [b]) => a - b);
  return { result: pairs.result(), entries, outside: lost[0], dropped: lost[1] };
}

const list = ({ keys, counts }: { keys: Float64Array; counts: Uint32Array }): number[][] =>
  Array.from(keys, (key, i) => [key, counts[i]!]);

describe('pairs of cell and slot', () => {
  test.each([
    ['that fit the bytes', 600_000, 4, 600_000],
    ['of few cells, whose bytes spill many times', 3, 20, 3],
    ['too many for the memory of the kernels', 20_000_000, 3, 300],
  ])('%s are counted as a map does', (_, size, blocks, most) => {
    const { result, entries, outside, dropped } = counted(size, blocks, 5, most);
    expect(list(result)).toEqual(entries);
    expect([result.outside, result.dropped]).toEqual([outside, dropped]);
  });

  test('are none where every row is lost', () => {
    const { result } = counted(10, 0, 1);
    expect(list(result)).toEqual([]);
  });

  test('of two tasks add up', () => {
    const a = counted(400, 1, 3, 200);
    const b = counted(400, 1, 4);
    const sum = new Map(a.entries as [number, number][]);
    for (const [key, count] of b.entries) sum.set(key, (sum.get(key) ?? 0) + count);
    const joined = list(joinPairCounts(a.result, b.result));
    expect(joined).toEqual([...sum].sort(([x], [y]) => x - y));
    const none = { keys: new Float64Array(0), counts: new Uint32Array(0) };
    expect(list(joinPairCounts(none, a.result))).toEqual(a.entries);
  });
});
