import { expect, test } from 'vitest';
import { recordAsked } from '../../../../client/app/state/asked.js';
import type { DecodedFrame } from '../../../../client/data/frame.js';
import type { Query } from '../../../../protocol/query.js';

const query = (x: string): Query => ({ dataset: 'd', mark: 'histogram', x });

test('holds the questions of one picture, and lets go of those before however fast they follow', async () => {
  let now = 0;
  const frame = { length: 1 } as DecodedFrame;
  const { ask, asked } = recordAsked(
    () => Promise.resolve(frame),
    () => now,
  );
  await ask(query('a'));
  now += 5;
  await ask(query('b'));
  expect(asked.value).toEqual([
    { query: query('a'), frame },
    { query: query('b'), frame },
  ]);
  // A brush asks with every step of the pointer.
  for (let step = 0; step < 100; step++) {
    now += 8;
    await ask(query(String(step)));
    expect(asked.value.length).toBeLessThanOrEqual(3);
  }
});
