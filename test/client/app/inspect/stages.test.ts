import { expect, test } from 'vitest';
import { stagesOf } from '../../../../client/app/inspect/stages.js';

test('a picture of the server took the stages of the server, the transfer, and those of the page', () => {
  const timing = { queue: 1, compute: 5, encode: 2, total: 9, fetch: 12, decode: 0.5, draw: 3 };
  expect(stagesOf({ timing })).toEqual([
    { name: 'queue', ms: 1 },
    { name: 'compute', ms: 5 },
    { name: 'encode', ms: 2 },
    { name: 'transfer', ms: 3 },
    { name: 'decode', ms: 0.5 },
    { name: 'draw', ms: 3 },
  ]);
});

test('a frame without the times of a server took those of the page alone', () => {
  expect(stagesOf({ timing: { decode: 1, draw: 2 } }).map(({ name }) => name)).toEqual([
    'decode',
    'draw',
  ]);
});
