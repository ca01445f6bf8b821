import { expect, test } from 'vitest';
import { randomNumbers } from '../fixtures/tiny-tables.js';
import { ssim, type Shown } from './ssim.js';

const SIZE = 64;

/** An opaque gray picture. */
function gray(valueOf: (x: number, y: number) => number): Shown {
  const pixels = new Uint8Array(SIZE * SIZE * 4);
  for (let i = 0; i < SIZE * SIZE; i++) {
    pixels.fill(valueOf(i % SIZE, Math.floor(i / SIZE)), 4 * i, 4 * i + 3);
    pixels[4 * i + 3] = 255;
  }
  return { width: SIZE, height: SIZE, pixels };
}

const stripes = gray((x) => (x % 8 < 4 ? 40 : 200));

test('a picture is as like itself as can be', () => {
  expect(ssim(stripes, stripes)).toBeCloseTo(1, 12);
});

test('two even grays are as alike as the formula of their means says', () => {
  const expected = (2 * 100 * 120 + 6.5025) / (100 ** 2 + 120 ** 2 + 6.5025);
  expect(
    ssim(
      gray(() => 100),
      gray(() => 120),
    ),
  ).toBeCloseTo(expected, 9);
});

test('a picture and its negative are unlike, and noise is in between', () => {
  const random = randomNumbers(3);
  const noise = Float64Array.from({ length: SIZE * SIZE }, () => random() * 60 - 30);
  const noisy = gray((x, y) => (x % 8 < 4 ? 40 : 200) + noise[y * SIZE + x]!);
  const negative = gray((x) => (x % 8 < 4 ? 200 : 40));
  expect(ssim(stripes, negative)).toBeLessThan(-0.5);
  expect(ssim(stripes, noisy)).toBeGreaterThan(0.8);
  expect(ssim(stripes, noisy)).toBeLessThan(0.99);
});

test('a shift by a pixel is seen, and blank space does not hide it', () => {
  const dot = (left: number) => gray((x, y) => (x === left && y === 30 ? 0 : 255));
  expect(ssim(dot(30), dot(31))).toBeLessThan(0.9);
  expect(
    ssim(
      dot(30),
      gray(() => 255),
    ),
  ).toBeLessThan(0.9);
});

test('what is clear shows the surface', () => {
  const clear = { ...stripes, pixels: new Uint8Array(stripes.pixels.length) };
  expect(
    ssim(
      clear,
      gray(() => 24),
      [24, 24, 24],
    ),
  ).toBe(1);
});

test('pictures of two sizes are not compared', () => {
  expect(() => ssim(stripes, { width: 1, height: 1, pixels: new Uint8Array(4) })).toThrow(
    '64 × 64 pixels cannot be compared with 1 × 1.',
  );
});
