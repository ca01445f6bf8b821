import { expect, test } from 'vitest';
import { createSingleFlight } from '../../../server/frames/single-flight.js';

function manual<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

test('runs equal work once for all who ask', async () => {
  const flights = createSingleFlight<number>();
  const work = manual<number>();
  let runs = 0;
  const begin = () => (runs++, work.promise);
  const first = flights.run('a', begin);
  const second = flights.run('a', begin);
  expect([first.joined, second.joined]).toEqual([false, true]);
  work.resolve(7);
  expect(await Promise.all([first.promise, second.promise])).toEqual([7, 7]);
  expect(runs).toBe(1);
  const third = flights.run('a', async () => 8);
  expect(third.joined).toBe(false);
  expect(await third.promise).toBe(8);
});

test('tells a failure to all who asked, and forgets it', async () => {
  const flights = createSingleFlight<number>();
  const work = manual<number>();
  const first = flights.run('a', () => work.promise);
  const second = flights.run('a', () => work.promise);
  work.reject(new Error('no'));
  await expect(first.promise).rejects.toThrow('no');
  await expect(second.promise).rejects.toThrow('no');
  expect(await flights.run('a', async () => 1).promise).toBe(1);
});

test('goes on while one asker is left, and stops when the last has gone', async () => {
  const flights = createSingleFlight<number>();
  const [one, two] = [new AbortController(), new AbortController()];
  let seen: AbortSignal | undefined;
  const begin = (signal: AbortSignal) => {
    seen = signal;
    return new Promise<number>(() => {});
  };
  const first = flights.run('a', begin, one.signal);
  const second = flights.run('a', begin, two.signal);
  one.abort();
  await expect(first.promise).rejects.toMatchObject({ name: 'AbortError' });
  expect(seen!.aborted).toBe(false);
  two.abort();
  await expect(second.promise).rejects.toMatchObject({ name: 'AbortError' });
  expect(seen!.aborted).toBe(true);
  // Whoever comes next does not join what is being stopped.
  expect(flights.run('a', async () => 1).joined).toBe(false);
});

test('refuses an asker that has gone already, without leaving anything behind', async () => {
  const flights = createSingleFlight<number>();
  const { promise } = flights.run('a', async () => 1, AbortSignal.abort());
  await expect(promise).rejects.toMatchObject({ name: 'AbortError' });
  expect(flights.run('a', async () => 2).joined).toBe(false);
});
