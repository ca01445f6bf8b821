import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPace } from '../../../../client/app/dashboard/pace.js';

const LIMITS = { leastMs: 100, mostMs: 1000 };

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

/** A pace whose steps each ask for something that is answered after so long. */
function paced(answerMs: number) {
  const steps: number[] = [];
  const pace = createPace(() => {
    steps.push(Date.now());
    setTimeout(pace.ask(), answerMs);
  }, LIMITS);
  /** Asks for a step every ten milliseconds. */
  const go = (untilMs: number): void => {
    while (Date.now() < untilMs) {
      pace.go();
      vi.advanceTimersByTime(10);
    }
  };
  return { pace, steps, go };
}

test('steps at once, and then at its pace where answers are quick', () => {
  const { steps, go } = paced(20);
  go(350);
  expect(steps).toEqual([0, 100, 200, 300]);
});

test('waits for answers that are slow, and for none that never come', () => {
  const slow = paced(240);
  slow.go(500);
  expect(slow.steps).toEqual([0, 240, 480]);
  vi.setSystemTime(0);
  const never = paced(1e6);
  never.go(2050);
  expect(never.steps).toEqual([0, 1000, 2000]);
});

test('takes no step that nobody asked for, and the last one that was', () => {
  const { pace, steps } = paced(20);
  pace.go();
  vi.advanceTimersByTime(500);
  pace.go();
  pace.go();
  vi.advanceTimersByTime(500);
  expect(steps).toEqual([0, 500, 600]);
});

test('forgets what was asked when it is stopped', () => {
  const { pace, steps, go } = paced(900);
  go(50);
  pace.stop();
  vi.advanceTimersByTime(400);
  expect(steps).toEqual([0]);
  pace.go();
  expect(steps).toEqual([0, 450]);
});
