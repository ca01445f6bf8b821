import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRest } from '../../server/rest.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const QUIET_MS = 100;

function watched() {
  const onQuiet = vi.fn<() => void>();
  return { onQuiet, rest: createRest(onQuiet, QUIET_MS) };
}

test('tells once that all work has ended a while ago, and again after more work', async () => {
  const { onQuiet, rest } = watched();
  await Promise.all([rest.after(Promise.resolve(1)), rest.after(Promise.resolve(2))]);
  await vi.advanceTimersByTimeAsync(QUIET_MS - 1);
  expect(onQuiet).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10 * QUIET_MS);
  expect(onQuiet).toHaveBeenCalledTimes(1);
  await expect(rest.after(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  expect(onQuiet).toHaveBeenCalledTimes(2);
});

test('does not tell while anything is under way, or comes in time', async () => {
  const { onQuiet, rest } = watched();
  let finish = (): void => {};
  const long = rest.after(new Promise<void>((resolve) => (finish = resolve)));
  await rest.after(Promise.resolve());
  await vi.advanceTimersByTimeAsync(10 * QUIET_MS);
  expect(onQuiet).not.toHaveBeenCalled();
  finish();
  await long;
  await vi.advanceTimersByTimeAsync(QUIET_MS / 2);
  await rest.after(Promise.resolve());
  await vi.advanceTimersByTimeAsync(QUIET_MS - 1);
  expect(onQuiet).not.toHaveBeenCalled();
});

test('is silent once it is stopped', async () => {
  const { onQuiet, rest } = watched();
  const work = rest.after(Promise.resolve());
  rest.stop();
  await work;
  await vi.advanceTimersByTimeAsync(10 * QUIET_MS);
  expect(onQuiet).not.toHaveBeenCalled();
});
