import { expect, test } from 'vitest';
import { binOf, binStart, widthBins } from '../../../workers/calendar/width.js';

test('puts every decimal on the edge that is written like it', () => {
  for (const [width, places] of [
    [0.1, 1],
    [0.01, 2],
    [0.3, 1],
    [2.5, 1],
    [5, 0],
    [1e-7, 7],
  ] as const) {
    const bins = widthBins(width);
    for (let k = -2000; k < 2000; k += 7) {
      const start = Number((k * width).toFixed(places));
      expect(binOf(start, bins)).toBe(k);
      expect(binStart(k, bins)).toBe(start);
    }
  }
});

test('has every value in the last bin that does not begin above it', () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (const width of [0.1, 0.7, 1 / 3, 5, 1e-300, 12.5, 3e25]) {
    const bins = widthBins(width);
    for (let i = 0; i < 2000; i++) {
      const value = (random() - 0.5) * width * 1000;
      const k = binOf(value, bins);
      expect(binStart(k, bins) <= value && value < binStart(k + 1, bins)).toBe(true);
    }
  }
});
