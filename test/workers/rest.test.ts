import { once } from 'node:events';
import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { rest } from '../../workers/rest.js';

const MEGABYTES = 2 ** 20;
const arrays = (): number => getHeapStatistics().external_memory / MEGABYTES;

/** Leaves so much garbage behind; in a function of its own, so that nothing here holds it. */
function leave(megabytes: number): void {
  const left = new Uint8Array(megabytes * MEGABYTES);
  left[0] = 1;
}

test('much garbage is collected, little stays until it is worth it', () => {
  leave(100);
  rest();
  const before = arrays();
  leave(100);
  rest();
  expect(arrays() - before).toBeLessThan(10);
  const kept = arrays();
  leave(4);
  rest();
  expect(arrays() - kept).toBeGreaterThan(3);
});

test('threads come to collecting at the same time', async () => {
  const compiled = new URL('../../dist/workers/rest.js', import.meta.url).href;
  const code = `import(${JSON.stringify(compiled)}).then(({ rest }) => {
    new Uint8Array(40 * 2 ** 20)[0] = 1;
    rest();
  })`;
  for (let round = 0; round < 5; round++) {
    const threads = Array.from({ length: 6 }, () => new Worker(code, { eval: true }));
    const ended = await Promise.all(threads.map((thread) => once(thread, 'exit')));
    expect(ended.map(([status]) => status as number)).toEqual([0, 0, 0, 0, 0, 0]);
  }
  expect(globalThis).not.toHaveProperty('gc');
});
