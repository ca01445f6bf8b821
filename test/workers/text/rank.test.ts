import { expect, test } from 'vitest';
import { orderOf, ranksOf } from '../../../workers/text/rank.js';
import { hostileStrings, stringsOf } from './strings.js';

function byBytes(values: readonly string[]): number[] {
  const buffers = values.map((value) => Buffer.from(value));
  return values.map((_, i) => i).sort((a, b) => Buffer.compare(buffers[a]!, buffers[b]!) || a - b);
}

test('orders strings by their UTF-8 bytes, equal ones by position', () => {
  // By UTF-16 units the emoji would come before U+FFFF.
  expect([...orderOf(stringsOf(['\uffff', '😀', 'b', 'a\0', 'a', '', 'a']))]).toEqual([
    5, 4, 6, 3, 2, 0, 1,
  ]);
  for (const count of [0, 1, 2, 17, 5000]) {
    const values = hostileStrings(count, count + 1);
    expect([...orderOf(stringsOf(values))]).toEqual(byBytes(values));
  }
});

test('orders more strings than are sorted at once, with long common beginnings', () => {
  const values = hostileStrings(70_000, 9).map(
    (value, i) => `${'x'.repeat(i % 3)}${value}${i % 1000}`,
  );
  expect([...orderOf(stringsOf(values))]).toEqual(byBytes(values));
});

test('gives each string its place in the order', () => {
  expect([...ranksOf(stringsOf(['c', 'a', 'b']))]).toEqual([2, 0, 1]);
});

test('looks at the cancel word on the way, and stops where it throws', () => {
  const strings = stringsOf(hostileStrings(200_000, 4).map((value, i) => `${value}${i}`));
  let looks = 0;
  ranksOf(strings, () => looks++);
  // Of 200,000 strings there are twelve lots, and each is gone through more than once.
  expect(looks).toBeGreaterThan(12);
  let left = looks >> 1;
  const stop = (): void => {
    if (--left === 0) throw new Error('withdrawn');
  };
  expect(() => ranksOf(strings, stop)).toThrow('withdrawn');
});
