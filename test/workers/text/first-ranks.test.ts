import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Strings } from '../../../workers/select/strings.js';
import { firstRanks, NOT_FIRST } from '../../../workers/text/first-ranks.js';

function stringsOf(texts: readonly string[]): Strings {
  const bytes = texts.map((text) => Buffer.from(text));
  const offsets = Int32Array.from([0, ...bytes.map(({ length }) => length)]);
  for (let i = 1; i < offsets.length; i++) offsets[i]! += offsets[i - 1]!;
  return { offsets, bytes: Buffer.concat(bytes) };
}

/** At least `count` are ranked, by their place in a sort of all. */
function check(texts: readonly string[], count: number, descending: boolean): void {
  const ranks = firstRanks(stringsOf(texts), count, descending);
  const sorted = texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  if (descending) sorted.reverse();
  const ranked = [...ranks].filter((rank) => rank !== NOT_FIRST).length;
  expect(ranked).toBeGreaterThanOrEqual(Math.min(count, texts.length));
  for (const [i, text] of texts.entries()) {
    const place = sorted.indexOf(text);
    expect(ranks[i], text).toBe(place < ranked ? place : NOT_FIRST);
  }
}

test('are the first of a sort of all strings, or the last', () => {
  const texts = Array.from({ length: 3000 }, (_, i) => `customer ${(i * 7919) % 3001} of xx`);
  for (const count of [1, 100, 299, 2999, 5000]) {
    check(texts, count, false);
    check(texts, count, true);
  }
});

test('tell strings apart that begin alike, or of which one begins the other', () => {
  const texts = Array.from({ length: 600 }, (_, i) => 'ab'.repeat(i));
  check(texts, 10, false);
  check(texts, 10, true);
  check(
    texts.map((text) => `${text}\0`),
    300,
    true,
  );
});

test('are right for any strings', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(
        fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\0', '🛫'), maxLength: 9 }),
        {
          minLength: 300,
          maxLength: 700,
        },
      ),
      fc.integer({ min: 1, max: 400 }),
      fc.boolean(),
      (texts, count, descending) => check(texts, count, descending),
    ),
    { numRuns: 20, seed: 1 },
  );
});

test('of many strings are looked for with looks at the cancel word on the way', () => {
  const strings = stringsOf(Array.from({ length: 200_000 }, (_, i) => `${(i * 7919) % 200_000}`));
  let looks = 0;
  firstRanks(strings, 10, false, () => looks++);
  expect(looks).toBeGreaterThan(3);
  const stop = (): void => {
    throw new Error('withdrawn');
  };
  expect(() => firstRanks(strings, 10, false, stop)).toThrow('withdrawn');
});
