import { expect, test } from 'vitest';
import { recordAsked } from '../../../../client/app/state/asked.js';
import type { DecodedFrame } from '../../../../client/data/frame.js';
import type { Query } from '../../../../protocol/query.js';

const query = (x: string): Query => ({ dataset: 'd', mark: 'histogram', x });

test('tells the last question of the picture, also before it is answered', async () => {
  const frame = { length: 1 } as DecodedFrame;
  const { ask, asked } = recordAsked(() => Promise.resolve(frame));
  expect(asked.value).toBeUndefined();
  const answers = ['a', 'b'].map((x) => ask(query(x)));
  expect(asked.value).toEqual({ query: query('b'), frame: undefined });
  expect(await Promise.all(answers)).toEqual([frame, frame]);
  expect(asked.value).toEqual({ query: query('b'), frame });
});
