import { expect, test } from 'vitest';
import { createTurns } from '../../../client/chart/take-turn.js';

test('the first who asks in a task has the turn at once, and the others a task each, in their order', async () => {
  const tasks: (() => void)[] = [];
  const takeTurn = createTurns((run) => void tasks.push(run));
  const done: string[] = [];
  const people: Record<string, object> = { a: {}, b: {}, c: {}, d: {}, e: {} };
  const ask = async (name: string): Promise<void> => {
    await takeTurn(people[name]!);
    done.push(name);
  };
  const task = async (): Promise<void> => {
    tasks.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  void ask('a');
  void ask('b');
  void ask('c');
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toEqual(['a']);
  // Who has the turn has it for all that is done in the task.
  void ask('a');
  await new Promise((resolve) => setImmediate(resolve));
  expect(done.splice(1)).toEqual(['a']);
  await task();
  expect(done).toEqual(['a', 'b']);
  // Who asks meanwhile stands behind those who wait.
  void ask('d');
  await task();
  expect(done).toEqual(['a', 'b', 'c']);
  await task();
  expect(done).toEqual(['a', 'b', 'c', 'd']);
  await task();
  expect(tasks).toEqual([]);
  void ask('e');
  await new Promise((resolve) => setImmediate(resolve));
  expect(done.at(-1)).toBe('e');
});
