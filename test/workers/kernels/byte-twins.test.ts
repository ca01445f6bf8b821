import { expect, test } from 'vitest';
import { Arena } from '../../../workers/kernels/arena.js';
import { kernelsFor } from '../../../workers/kernels/load.js';
import { plainKernels } from '../../../workers/kernels/plain.js';
import { randomNumbers } from '../../helpers/test-columns.js';

const arena = new Arena();
arena.reset();
const compiled = kernelsFor(arena);
const SIZES = [0, 1, 15, 16, 17, 999, 40_000, 200_003];

function randomBytes(length: number, most: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = randomNumbers(seed);
  return Uint8Array.from({ length }, () => (random() % 3 === 0 ? random() % most : 0));
}

test.each(SIZES)('%i bytes are told how many are not 0, which, and the largest', (length) => {
  for (const most of [1, 2, 200, 256]) {
    const counts = randomBytes(length, most, length + most);
    const tally = compiled.tallyBytes(counts);
    expect(tally).toEqual(plainKernels.tallyBytes(counts));
    const [found, twin] = [new Uint32Array(tally.occupied), new Uint32Array(tally.occupied)];
    expect(compiled.occupiedBytes(counts, found)).toBe(tally.occupied);
    plainKernels.occupiedBytes(counts, twin);
    expect(found).toEqual(twin);
  }
});

test.each(SIZES)('%i bytes are added up where every sum fits one', (length) => {
  const [a, b] = [randomBytes(length, 128, 1), randomBytes(length, 128, 2)];
  const twin = a.slice();
  expect(plainKernels.addBytes(twin, b)).toBe(length);
  expect(compiled.addBytes(a, b)).toBe(length);
  expect(a).toEqual(twin);
});

test('bytes are added up as far as sums fit, and what is beyond is left alone', () => {
  for (const at of [0, 5, 16, 32_767, 32_768, 99_999]) {
    const a = randomBytes(100_000, 100, at);
    const b = randomBytes(100_000, 100, at + 1);
    [a[at], b[at]] = [200, 56];
    for (const kernels of [compiled, plainKernels]) {
      const into = a.slice();
      const done = kernels.addBytes(into, b);
      expect(done).toBeLessThanOrEqual(at);
      expect(into.subarray(done)).toEqual(a.subarray(done));
      expect(into.subarray(0, done)).toEqual(a.subarray(0, done).map((n, i) => n + b[i]!));
    }
  }
});
