import { expect, test } from 'vitest';
import {
  grown,
  largeBytes,
  largeFloat64,
  largeInt32,
  largeUint32,
} from '../../workers/large-arrays.js';

const MIB = 2 ** 20;

test.each([
  ['bytes', largeBytes],
  ['int32', largeInt32],
  ['uint32', largeUint32],
  ['float64', largeFloat64],
])('gives as many zeros as are asked for, small or large: %s', (_type, make) => {
  for (const length of [0, 1, 1000, 3 * MIB]) {
    const array = make(length);
    expect(array.length).toBe(length);
    expect(array.every((value) => value === 0)).toBe(true);
  }
});

test('takes more address space than glibc ever keeps for a large array, and no more for a small one', () => {
  expect(largeBytes(MIB).buffer.byteLength).toBeGreaterThan(32 * MIB);
  expect(largeFloat64(5 * MIB).buffer.byteLength).toBe(40 * MIB);
  expect(largeUint32(1000).buffer.byteLength).toBe(4000);
});

test('keeps the values when an array grows, within its memory and beyond', () => {
  let array = largeUint32(100).fill(7);
  for (const length of [200, MIB, 4 * MIB, 12 * MIB]) {
    const before = array.length;
    array = grown(array, length);
    expect(array.length).toBe(length);
    expect(array.subarray(0, before).every((value) => value === 7)).toBe(true);
    expect(array.subarray(before).every((value) => value === 0)).toBe(true);
    array.fill(7);
  }
});

test('grows in place where the memory has room', () => {
  const array = largeFloat64(MIB);
  expect(grown(array, 2 * MIB).buffer).toBe(array.buffer);
  expect(grown(array, 5 * MIB).buffer).not.toBe(array.buffer);
});
