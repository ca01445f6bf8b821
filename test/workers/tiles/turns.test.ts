import { expect, test } from 'vitest';
import { rowAtTurn, turnOf, TURN_BITS } from '../../../workers/tiles/turns.js';

test('every row of a batch has a turn of its own, and each knows the other', () => {
  const seen = new Uint8Array(2 ** TURN_BITS);
  for (let turn = 0; turn < seen.length; turn++) {
    const row = rowAtTurn(turn);
    seen[row]!++;
    if (turnOf(row) !== turn) throw new Error(`Turn ${turn} is that of row ${row}.`);
  }
  expect(seen.every((times) => times === 1)).toBe(true);
});

test('rows of early turns are spread over the batch, whatever is taken of it', () => {
  const early = 2 ** TURN_BITS / 16;
  for (const size of [1000, 65_536, 2 ** TURN_BITS]) {
    for (let from = 0; from < 2 ** TURN_BITS; from += Math.max(size, 2 ** 17)) {
      let count = 0;
      for (let row = from; row < from + size; row++) if (turnOf(row) < early) count++;
      expect(count / size).toBeGreaterThan(1 / 16 - 0.03);
      expect(count / size).toBeLessThan(1 / 16 + 0.03);
    }
  }
});
