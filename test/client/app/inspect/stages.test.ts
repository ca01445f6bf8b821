import { expect, test } from 'vitest';
import { stagesOf } from '../../../../client/app/inspect/stages.js';
import { shellQuoted } from '../../../../client/app/inspect/snippets.js';

test('the stages add up to the time from the question to the picture', () => {
  const timing = { queue: 1, compute: 20, encode: 2, total: 24, decode: 3, fetch: 40 };
  const stages = stagesOf(timing, 55);
  expect(Object.fromEntries(stages.map(({ name, ms }) => [name, ms]))).toEqual({
    queue: 1,
    compute: 20,
    encode: 2,
    transfer: 13,
    decode: 3,
    draw: 15,
  });
  expect(stagesOf({}, 0).every(({ ms }) => ms === 0)).toBe(true);
  // A frame that the page kept took no time now.
  expect(stagesOf(timing, 5).at(-1)).toMatchObject({ name: 'draw', ms: 0 });
});

test('a word of a shell means itself', () => {
  expect(shellQuoted(`it's $HOME; \`x\``)).toBe(`'it'\\''s $HOME; \`x\`'`);
});
