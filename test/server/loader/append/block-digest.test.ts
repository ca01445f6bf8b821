import { expect, test } from 'vitest';
import { BlockDigest } from '../../../../server/loader/append/block-digest.js';
import { randomNumbers } from '../../../fixtures/tiny-tables.js';

const BYTES = 9 * 2 ** 20 + 17;
const random = randomNumbers(5);
const bytes = Uint8Array.from({ length: BYTES }, () => random() * 256);

function digestOf(some: Uint8Array, step = some.length): string {
  const digest = new BlockDigest();
  for (let at = 0; at < some.length; at += step) digest.update(some.subarray(at, at + step));
  return digest.value;
}

test('the digest is the same in whatever steps bytes come, and has a sum for each block', () => {
  const whole = digestOf(bytes);
  expect(whole).toMatch(/^[\da-f]{24}$/u);
  expect(digestOf(bytes, 70_001)).toBe(whole);
  expect(digestOf(bytes, 4 * 2 ** 20)).toBe(whole);
  expect(digestOf(new Uint8Array(0))).toBe('');
  expect(digestOf(bytes.subarray(0, 4 * 2 ** 20), 4096)).toBe(whole.slice(0, 8));
});

test('a byte that is another one, anywhere, makes another digest', () => {
  const whole = digestOf(bytes);
  for (const at of [0, 1, 4 * 2 ** 20 - 1, 4 * 2 ** 20, 8_000_000, BYTES - 1]) {
    const edited = bytes.slice();
    edited[at]! ^= 1 << Math.floor(random() * 8);
    expect(digestOf(edited)).not.toBe(whole);
  }
  expect(digestOf(bytes.subarray(0, BYTES - 1))).not.toBe(whole);
});
