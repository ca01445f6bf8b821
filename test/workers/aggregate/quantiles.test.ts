import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantilesOf } from '../../../workers/aggregate/quantiles.js';
import { interpolate } from '../../../workers/aggregate/select-nth.js';

const GROUPS = 5;
// Many are equal, and there are both zeros.
const value = fc.oneof(
  fc.constantFrom(-0, 0, 1, 1, 2, Infinity, -Infinity),
  fc.double({ noNaN: true }),
);
const pairs = fc.array(fc.tuple(fc.nat(GROUPS - 1), value), { maxLength: 80 });
const shares = fc
  .array(fc.constantFrom(0, 0.1, 0.25, 0.5, 0.9, 1), { minLength: 1, maxLength: 4 })
  .map((list) => list.toSorted((a, b) => a - b));
/** What each task calls the groups. */
const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: GROUPS });

function quantileBySort(values: readonly number[], share: number): number {
  const sorted = values.map((each) => each + 0).toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return interpolate(low, high, at - Math.floor(at)) + 0;
}

test('the quantiles of each group are those of its sorted values, whatever part they come from', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(pairs, order), { minLength: 1 }), shares, (parts, wanted) => {
      const partials = parts.map(([list]) => ({
        groups: Uint32Array.from(list, ([group]) => group),
        values: Float64Array.from(list, ([, each]) => each),
      }));
      const maps = parts.map(([, map]) => Uint32Array.from(map));
      const found = quantilesOf(wanted, partials, maps, GROUPS, () => {});
      for (let group = 0; group < GROUPS; group++) {
        const own = parts.flatMap(([list, map]) =>
          list.filter(([id]) => map[id] === group).map(([, each]) => each),
        );
        for (const [s, share] of wanted.entries()) {
          expect(found[s]!.valid[group]).toBe(own.length > 0 ? 1 : 0);
          if (own.length > 0) expect(found[s]!.values[group]).toBe(quantileBySort(own, share));
        }
      }
    }),
  );
});
