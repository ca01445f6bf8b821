import { describe, expect, test } from 'vitest';
import { seedOf, spreadRuns } from '../../../workers/sample/spread-runs.js';
import { stretchesOf } from '../../../workers/scan/stretch.js';

const BATCHES = [1000, 1000, 137];
const stretches = stretchesOf(BATCHES, (batch) => batch !== 1 || BATCHES.length === 3);

/** The rows of the snapshot that runs cover. */
const rowsOf = (runs: ReturnType<typeof spreadRuns>): number[] =>
  runs.flatMap(({ from, to, firstRow }) =>
    Array.from({ length: to - from }, (_, i) => firstRow + i),
  );

describe('a sample of runs', () => {
  test('is the same for the same arguments, and another for another seed', () => {
    const options = { runRows: 8, stride: 5, seed: 7 };
    expect(spreadRuns(stretches, options)).toEqual(spreadRuns(stretches, options));
    expect(spreadRuns(stretches, { ...options, seed: 8 })).not.toEqual(
      spreadRuns(stretches, options),
    );
    expect(seedOf('a')).not.toBe(seedOf('b'));
  });

  test('has one run of each stratum, within one batch, in the order of rows', () => {
    const runs = spreadRuns(stretches, { runRows: 8, stride: 4, seed: 1 });
    const all = 125 + 125 + 18;
    expect(runs.length).toBe(all / 4);
    for (const { batch, from, to } of runs) {
      expect(from % 8).toBe(0);
      expect(to - from).toBe(Math.min(8, BATCHES[batch]! - from));
    }
    const rows = rowsOf(runs);
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
  });

  test('reads every row with the same chance', () => {
    const times = new Map<number, number>();
    const seeds = 3000;
    for (let seed = 0; seed < seeds; seed++) {
      for (const row of rowsOf(spreadRuns(stretches, { runRows: 50, stride: 6, seed }))) {
        times.set(row, (times.get(row) ?? 0) + 1);
      }
    }
    expect(times.size).toBe(2137);
    // 500 times each; five standard deviations are 102.
    for (const count of times.values()) expect(Math.abs(count - seeds / 6)).toBeLessThan(102);
  });

  test('is dealt out to parts that are samples of everything', () => {
    const options = { runRows: 8, stride: 3, seed: 5 };
    const parts = [0, 1, 2, 3].map((part) =>
      rowsOf(spreadRuns(stretches, { ...options, part, parts: 4 })),
    );
    const whole = rowsOf(spreadRuns(stretches, options));
    expect(parts.flat().toSorted((a, b) => a - b)).toEqual(whole);
    for (const rows of parts) {
      expect(rows[0]).toBeLessThan(2137 / 4);
      expect(rows.at(-1)).toBeGreaterThan((2137 * 3) / 4);
    }
  });

  test('of nothing is nothing', () => {
    expect(spreadRuns([], { runRows: 8, stride: 3, seed: 5 })).toEqual([]);
  });
});
