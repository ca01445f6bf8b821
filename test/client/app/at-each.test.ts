import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { atEach } from '../../../client/app/at-each.js';

beforeEach(() => vi.useFakeTimers({ now: 10_300 }));
afterEach(() => vi.useRealTimers());

test('calls all who keep a pace together, whenever they began, until each ends', () => {
  const calls: [string, number][] = [];
  const note = (who: string) => () => void calls.push([who, Date.now()]);
  const endFirst = atEach(1000, note('first'));
  vi.advanceTimersByTime(400);
  const endSecond = atEach(1000, note('second'));
  vi.advanceTimersByTime(1500);
  endFirst();
  vi.advanceTimersByTime(1000);
  endSecond();
  vi.advanceTimersByTime(5000);
  expect(calls).toEqual([
    ['first', 11_000],
    ['second', 11_000],
    ['first', 12_000],
    ['second', 12_000],
    ['second', 13_000],
  ]);
});
