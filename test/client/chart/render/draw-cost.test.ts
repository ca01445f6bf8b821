import { describe, expect, test } from 'vitest';
import { drawMs, isQuick } from '../../../../client/chart/render/draw-cost.js';
import type { Grid } from '../../../../client/chart/render/grid.js';

const grid = (width: number, height: number, isColored = false): Grid => ({
  width,
  height,
  counts: new Uint32Array(),
  ...(isColored ? { colors: new Uint32Array() } : {}),
});
const style = (radius: number) => ({ radius, opacity: 0.5, color: [0, 0, 0] }) as const;

describe('what a picture costs the processor', () => {
  test('grows with its cells, with the disc of a row and with colors', () => {
    const once = drawMs(grid(400, 250), 1.5);
    expect(drawMs(grid(800, 250), 1.5)).toBeCloseTo(2 * once, 9);
    expect(drawMs(grid(400, 250), 4)).toBeGreaterThan(once);
    expect(drawMs(grid(400, 250, true), 1.5)).toBeGreaterThan(3 * once);
    expect(drawMs(grid(0, 0), 1.5)).toBe(0);
  });

  test('leaves a chart to the page, and a whole screen, large discs or a large chart of many colors to the worker', () => {
    expect(isQuick(grid(840, 420), style(1.5))).toBe(true);
    expect(isQuick(grid(840, 420), style(12))).toBe(false);
    expect(isQuick(grid(1770, 1000), style(1.5))).toBe(false);
    expect(isQuick(grid(840, 420, true), style(1.5))).toBe(true);
    expect(isQuick(grid(840, 420, true), style(4))).toBe(false);
    expect(isQuick(grid(1200, 700, true), style(1.5))).toBe(false);
  });
});
