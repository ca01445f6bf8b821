import { expect, test } from 'vitest';
import { chooseCoding } from '../../../server/http/coding.js';

const BROWSER = 'gzip, deflate, br, zstd';

test('sends bytes as they are to this machine', () => {
  expect(chooseCoding(BROWSER, true)).toBe('identity');
  expect(chooseCoding('gzip, deflate', true)).toBe('identity');
  expect(chooseCoding(undefined, true)).toBe('identity');
});

test('codes for this machine too when the client insists', () => {
  expect(chooseCoding('br', true)).toBe('br');
  expect(chooseCoding('gzip', true)).toBe('gzip');
  expect(chooseCoding('br, gzip', true)).toBe('br');
  expect(chooseCoding(`${BROWSER}, identity;q=0`, true)).toBe('br');
});

test('codes for others by their weights', () => {
  expect(chooseCoding(BROWSER, false)).toBe('br');
  expect(chooseCoding('gzip, deflate', false)).toBe('gzip');
  expect(chooseCoding('br;q=0.5, gzip;q=0.9', false)).toBe('gzip');
  expect(chooseCoding('br;q=0, gzip;q=0', false)).toBe('identity');
  expect(chooseCoding('identity, br;q=0.1', false)).toBe('identity');
  expect(chooseCoding('*', false)).toBe('br');
  expect(chooseCoding('', false)).toBe('identity');
  expect(chooseCoding('br;q=nonsense', false)).toBe('identity');
});
