import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rampOf, rampOver } from '../../../client/chart/colors.js';
import { endsAround } from '../../../client/chart/ends-around.js';
import { packColor } from '../../../client/chart/render/grid.js';
import { withPalette } from '../../../client/palettes.js';
import { rampColor, rgbOf, themeOf } from '../../../client/theme.js';
import type { FrameMetadata } from '../../../protocol/frame.js';

const metadata = (min: number, max: number): FrameMetadata =>
  ({ color: { kind: 'number', column: 'a', min, max } }) as FrameMetadata;

describe('a ramp with a middle', () => {
  test('has zero there where numbers lie on both sides of it, else what is halfway, else what a person says', () => {
    expect(endsAround(-2, 10, null)).toEqual([-10, 10]);
    expect(endsAround(2, 10, null)).toEqual([2, 10]);
    expect(endsAround(2, 10, 0)).toEqual([-10, 10]);
    expect(endsAround(2, 10, 9)).toEqual([2, 16]);
    expect(endsAround(2, 10, -5)).toEqual([-20, 10]);
    expect(endsAround(3, 3, null)).toEqual([3, 3]);
  });

  test('reaches as far to both sides, and over every number', () => {
    const number = fc.double({ min: -1e300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.option(number), (one, other, middle) => {
        const [min, max] = [Math.min(one, other), Math.max(one, other)];
        const [low, high] = endsAround(min, max, middle);
        const slack = 1e-12 * Math.max(Math.abs(low), Math.abs(high));
        expect(low).toBeLessThanOrEqual(min + slack);
        expect(high).toBeGreaterThanOrEqual(max - slack);
        if (middle !== null) expect(Math.abs((low + high) / 2 - middle)).toBeLessThanOrEqual(slack);
      }),
    );
  });

  test.each(['light', 'dark'] as const)('gives %s numbers the color of their distance', (name) => {
    const theme = withPalette(themeOf(name), { palette: 'diverging', middle: 4 });
    const { stepOf, palette } = rampOf(metadata(0, 20), theme);
    expect(rampOver(theme, 0, 20)).toEqual([-12, 20]);
    for (let value = 0; value <= 20; value += 0.5) {
      const wanted = rampColor(theme.ramp, (value + 12) / 32);
      const got = palette[stepOf(value)]!;
      wanted.forEach((channel, at) => {
        // There are 255 steps from the least to the greatest number.
        expect(Math.abs(((got >> (8 * at)) & 255) - channel), `${value}`).toBeLessThanOrEqual(2);
      });
    }
  });

  test('gives numbers that are all alike the middle color', () => {
    const theme = withPalette(themeOf('light'), { palette: 'diverging' });
    const { stepOf, palette } = rampOf(metadata(7, 7), theme);
    expect(palette[stepOf(7)]).toBe(packColor(...rgbOf(theme.ramp[3]!)));
  });
});
