import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepRecent } from '../../../client/data/recent.js';

test('keeps what a list of all uses says is recent', () => {
  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    size: fc.option(fc.integer({ min: 0, max: 12 })),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const recent = keepRecent<{ size: number }>(10, ({ size }) => size);
      let list: { key: string; size: number }[] = [];
      for (const { key, size } of steps) {
        const known = list.find((each) => each.key === key);
        if (size === null) {
          expect(recent.get(key)?.size).toBe(known?.size);
          if (known) list = [...list.filter((each) => each !== known), known];
          continue;
        }
        recent.set(key, { size });
        list = list.filter((each) => each !== known);
        if (size <= 10) list.push({ key, size });
        while (list.reduce((sum, each) => sum + each.size, 0) > 10) list.shift();
      }
    }),
  );
});

test('counts values where no size is told, and keeps none that is too large', () => {
  const recent = keepRecent<string>(2);
  for (const key of ['a', 'b', 'c']) recent.set(key, key.toUpperCase());
  expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([undefined, 'B', 'C']);
  const small = keepRecent<string>(3, (text) => text.length);
  small.set('a', 'abc');
  small.set('b', 'abcd');
  expect([small.get('a'), small.get('b')]).toEqual(['abc', undefined]);
});
