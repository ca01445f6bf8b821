import { expect, test } from 'vitest';
import { createPool } from '../../server/pool.js';

test('every thread can collect its garbage, also at the same time', async () => {
  const filename = new URL('../../dist/workers/tasks.js', import.meta.url).href;
  for (let round = 0; round < 5; round++) {
    const pool = createPool({ threads: 4, filename });
    try {
      await Promise.all(Array.from({ length: 8 }, () => pool.run('rest', undefined as never)));
    } finally {
      await pool.close();
    }
  }
  expect(globalThis).not.toHaveProperty('gc');
});
