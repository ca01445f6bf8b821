import { expect, test } from 'vitest';
import { categoryTicks, type Categories } from '../../../client/chart/category-ticks.js';
import { frameOf } from '../../../client/chart/frame-box.js';
import type { ChartSpec } from '../../../client/chart/types.js';

const spec: ChartSpec = { query: { dataset: 'd', mark: 'heatmap', x: 'a', y: 'b' } };
const measure = (text: string): number => text.length * 6;
const SIZE = { width: 600, height: 400 };

interface Axis {
  tickvals: number[];
  ticktext: string[];
  tickangle?: number;
}

function ticks(categories: Categories, size = SIZE) {
  const { layout, ...room } = categoryTicks(categories, { spec, ...size, measure });
  return { ...(layout as { xaxis?: Axis; yaxis?: Axis }), ...room };
}

const names = (count: number, letters = 3): string[] =>
  Array.from({ length: count }, (_, i) => String(i).padStart(letters, 'n'));

test('each category has its label at its cell, upward along y', () => {
  const { xaxis, yaxis } = ticks({ x: ['ATL', ''], y: ['low', 'high', 'top'] });
  expect(xaxis).toMatchObject({ tickvals: [0, 1], ticktext: ['ATL', '(empty)'], tickangle: 0 });
  expect(yaxis).toMatchObject({ tickvals: [2, 1, 0], ticktext: ['top', 'high', 'low'] });
});

test('an axis of numbers keeps the labels that it has', () => {
  expect(ticks({ x: ['a'] }).yaxis).toBeUndefined();
  expect(ticks({ y: ['a'] }).xaxis).toBeUndefined();
});

test('labels below that are longer than their cells are turned, and get their room', () => {
  const short = ticks({ x: names(20) });
  expect(short).toMatchObject({ xaxis: { tickangle: -45 } });
  expect(short.labelHeight).toBeGreaterThan(0);
  expect(ticks({ x: names(4) }).labelHeight).toBe(0);
  // Longer ones need no more than a part of the chart.
  const long = ticks({ x: names(20, 400) });
  expect(long.labelHeight).toBeLessThan(SIZE.height / 3);
  expect(long.xaxis!.ticktext.every((text) => text.endsWith('…'))).toBe(true);
});

test('of too many labels every second or third stands, the first one always', () => {
  const many = ticks({ x: names(60), y: names(90) });
  const { margin } = frameOf(SIZE.width, SIZE.height, spec, { legend: false, ...many });
  const height = (SIZE.height - margin.t - margin.b) / 90;
  const width = (SIZE.width - margin.l - margin.r) / 60;
  const stepOf = ([a, b]: number[]): number => Math.abs(b! - a!);
  expect(many.yaxis!.tickvals[0]).toBe(89);
  expect(stepOf(many.yaxis!.tickvals) * height).toBeGreaterThanOrEqual(13);
  expect((stepOf(many.yaxis!.tickvals) - 1) * height).toBeLessThan(13);
  expect(many.xaxis!.tickvals[0]).toBe(0);
  expect(stepOf(many.xaxis!.tickvals) * width * Math.SQRT1_2).toBeGreaterThanOrEqual(13);
  expect((stepOf(many.xaxis!.tickvals) - 1) * width * Math.SQRT1_2).toBeLessThan(13);
});

test('a label beside the axis has a quarter of the width at most, and is no markup', () => {
  const { labelWidth, yaxis } = ticks(
    { y: ['n'.repeat(300), '<b>&'] },
    { width: 390, height: 300 },
  );
  expect(labelWidth).toBeLessThanOrEqual(390 / 4);
  expect(labelWidth).toBeGreaterThan(390 / 5);
  expect(yaxis!.ticktext).toEqual(['&lt;b&gt;&amp;', expect.stringMatching(/^n+…$/u)]);
});
