import { expect, test } from 'vitest';
import { createUlids } from '../../../server/jobs/ulid.js';

test('an id has 26 digits, and begins with its time', () => {
  // The example of the specification.
  expect(createUlids(() => 1_469_918_176_385, Math.random).next()).toMatch(
    /^01ARYZ6S41[0-9A-HJKMNP-TV-Z]{16}$/u,
  );
});

test('ids ascend within a millisecond, through a carry, and while the clock stands behind', () => {
  let ms = 1000;
  const ulids = createUlids(
    () => ms,
    () => 0.999_999,
  );
  const ids = Array.from({ length: 100 }, () => ulids.next());
  ms = 10;
  ids.push(ulids.next());
  ms = 2000;
  ids.push(ulids.next());
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(ids.map((id) => id.length))).toEqual(new Set([26]));
});

test('ids come after those of an earlier process whose clock was ahead, and take no notice of what is none', () => {
  const future = createUlids(() => 5000, Math.random).next();
  const ulids = createUlids(() => 1000, Math.random);
  ulids.startAfter('zzz');
  const first = ulids.next();
  ulids.startAfter(future);
  ulids.startAfter(first);
  const ids = [first, future, ulids.next(), ulids.next()];
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(4);
});
