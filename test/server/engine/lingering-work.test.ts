import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LingeringWork } from '../../../server/engine/lingering-work.js';

interface Task {
  signal: AbortSignal;
  resolve: (value: string) => void;
  reject: (error: Error) => void;
}

let tasks: Task[];
let lingering: LingeringWork<string>;
beforeEach(() => {
  tasks = [];
  vi.useFakeTimers();
  lingering = new LingeringWork({ lingerMs: 500 });
});
afterEach(() => vi.useRealTimers());

const work = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => tasks.push({ signal, resolve, reject }));
const ask = (subject: string, key: string, signal?: AbortSignal): Promise<string> =>
  lingering.run({ subject, key }, work, signal);

test('equal work is done once for all who ask', async () => {
  const both = [ask('a', 'a1'), ask('a', 'a1', new AbortController().signal)];
  expect(tasks.length).toBe(1);
  tasks[0]!.resolve('one');
  expect(await Promise.all(both)).toEqual(['one', 'one']);
  void ask('a', 'a1');
  expect(tasks.length, 'what has ended is not kept').toBe(2);
});

test('work goes on when its asker leaves, and the next asker joins it', async () => {
  const typing = new AbortController();
  const left = ask('a', 'a1', typing.signal);
  typing.abort();
  await expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(tasks[0]!.signal.aborted).toBe(false);
  const next = ask('a', 'a1', new AbortController().signal);
  tasks[0]!.resolve('one');
  expect(await next).toBe('one');
  expect(tasks.length).toBe(1);
});

test('work that nobody waits for is given up when other work on its subject begins', async () => {
  const dragging = new AbortController();
  const left = ask('a', 'a1', dragging.signal);
  const other = new AbortController();
  const elsewhere = ask('b', 'b1', other.signal);
  dragging.abort();
  other.abort();
  await expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
  await expect(elsewhere).rejects.toMatchObject({ code: 'CANCELLED' });
  const waiting = ask('a', 'a2', new AbortController().signal);
  expect(tasks.map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
  // Nobody hears of the end of what was given up; who asks for it again has it done anew.
  tasks[0]!.reject(new Error('given up'));
  void ask('a', 'a3');
  expect(tasks[2]!.signal.aborted, 'a2 is waited for').toBe(false);
  void ask('a', 'a1');
  expect(tasks.length).toBe(5);
  tasks[2]!.resolve('two');
  expect(await waiting).toBe('two');
});

test('work that nobody has asked for in a while is given up', async () => {
  const typing = new AbortController();
  const left = ask('a', 'a1', typing.signal);
  typing.abort();
  await expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
  vi.advanceTimersByTime(499);
  const back = new AbortController();
  const again = ask('a', 'a1', back.signal);
  vi.advanceTimersByTime(5000);
  expect(tasks[0]!.signal.aborted, 'somebody waits again').toBe(false);
  back.abort();
  await expect(again).rejects.toMatchObject({ code: 'CANCELLED' });
  vi.advanceTimersByTime(500);
  expect(tasks[0]!.signal.aborted).toBe(true);
  void ask('a', 'a1');
  expect(tasks.length).toBe(2);
});

test('who has left before asking begins nothing, and failures reach all', async () => {
  await expect(ask('a', 'a1', AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(tasks.length).toBe(0);
  const both = [ask('b', 'b1'), ask('b', 'b1', new AbortController().signal)];
  tasks.at(-1)!.reject(new Error('broken'));
  for (const one of both) await expect(one).rejects.toThrow('broken');
});
