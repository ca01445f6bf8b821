import { describe, expect, test } from 'vitest';
import { markStyle } from '../../../client/chart/mark-style.js';

const size = { width: 1000, height: 600, ratio: 1 };

describe('the style of marks', () => {
  test('is large, strong and smooth for few rows, small and faint for many', () => {
    const few = markStyle({ ...size, rows: 300, occupied: 299 });
    const many = markStyle({ ...size, rows: 3_000_000, occupied: 180_000 });
    expect(few).toMatchObject({ radius: 4, crisp: true });
    expect(few.opacity).toBeGreaterThan(0.5);
    expect(many).toMatchObject({ radius: 1.5, crisp: false, opacity: 0.012 });
  });

  test('keeps its size on the screen, whatever the pixels', () => {
    const one = markStyle({ ...size, rows: 400, occupied: 400 });
    const two = markStyle({ width: 2000, height: 1200, ratio: 2, rows: 400, occupied: 400 });
    expect(two.radius).toBe(one.radius * 2);
  });

  test('is defined for nothing at all', () => {
    const { radius, opacity } = markStyle({ ...size, rows: 0, occupied: 0 });
    expect(radius).toBeGreaterThan(0);
    expect(opacity).toBeGreaterThan(0);
  });
});
