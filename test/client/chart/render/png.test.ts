import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { writePng } from '../../../../client/chart/render/png.js';
import { randomNumbers } from '../../../fixtures/tiny-tables.js';

// The last is longer than a block of zlib may be.
test.each([
  [1, 1],
  [3, 7],
  [200, 150],
])('another reader finds every byte of a picture of %i by %i', (width, height) => {
  const random = randomNumbers(width);
  const data = Uint8ClampedArray.from({ length: width * height * 4 }, () => random() * 256);
  const read = PNG.sync.read(Buffer.from(writePng({ width, height, data } as ImageData)));
  expect(read).toMatchObject({ width, height });
  expect(Buffer.compare(read.data, Buffer.from(data))).toBe(0);
});
