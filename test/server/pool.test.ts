import { afterEach, expect, test } from 'vitest';
import { createPool, inBackground, type Pool } from '../../server/pool.js';
import { fakeFrame } from './helpers.js';

const filename = new URL('../../dist/workers/tasks.js', import.meta.url).href;

let pool: Pool;
afterEach(() => pool.close());

test('more work than may wait is refused as overload', async () => {
  pool = createPool({ threads: 1, maxQueue: 0, filename });
  await expect(pool.run('ping', 1)).rejects.toMatchObject({ code: 'OVERLOADED', status: 503 });
});

test('bulk work is done by the same threads, marked or not', async () => {
  pool = createPool({ threads: 1, filename });
  const background = inBackground(pool);
  expect(background.threads).toBe(1);
  const task = { bytes: fakeFrame({ rows: 3 }).bytes, format: 'csv' } as const;
  const [bulk, prompt] = await Promise.all([
    background.run('writeText', task),
    pool.run('writeText', task),
  ]);
  expect(bulk).toEqual(prompt);
  expect(bulk).toMatchObject({ names: ['x'], rows: 3, of: 3 });
});
