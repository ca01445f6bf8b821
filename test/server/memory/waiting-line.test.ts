import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WaitingLine } from '../../../server/memory/waiting-line.js';

let free: number;
let line: WaitingLine;
beforeEach(() => {
  vi.useFakeTimers();
  free = 0;
  line = new WaitingLine();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Takes `amount` once there is so much. */
function waitFor(amount: number, signal?: AbortSignal): Promise<number | undefined> {
  const attempt = (): number | undefined => {
    if (free < amount) return undefined;
    free -= amount;
    return amount;
  };
  return line.wait(attempt, { ms: 1000, signal });
}

function give(amount: number): void {
  free += amount;
  line.advance();
}

describe('a waiting line', () => {
  test('serves in the order of coming, also those who need little', async () => {
    const served: number[] = [];
    for (const amount of [5, 1, 2]) void waitFor(amount).then((got) => served.push(got!));
    give(4);
    await vi.advanceTimersByTimeAsync(0);
    expect(served).toEqual([]);
    give(4);
    await vi.advanceTimersByTimeAsync(0);
    expect([served, free, line.isEmpty]).toEqual([[5, 1, 2], 0, true]);
  });

  test('lets go of those whose time is up, and serves who stood behind', async () => {
    const much = waitFor(5);
    await vi.advanceTimersByTimeAsync(500);
    const little = waitFor(1);
    give(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(await much).toBeUndefined();
    expect(await little).toBe(1);
    expect(line.isEmpty).toBe(true);
  });

  test('lets go of those who withdraw, and serves who stood behind', async () => {
    const controller = new AbortController();
    const much = waitFor(5, controller.signal);
    const little = waitFor(1);
    give(2);
    controller.abort();
    expect(await much).toBeUndefined();
    expect(await little).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
