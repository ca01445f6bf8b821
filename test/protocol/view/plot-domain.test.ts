import { expect, test } from 'vitest';
import { fullExtent } from '../../../protocol/view/plot-domain.js';
import { resolvePlot } from '../../../protocol/view/resolve-plot.js';
import { column } from './columns-of.js';
import { resolve } from './flights-plot.js';

test('opens a scatter on the 0.1–99.9 % span where the extent is three times wider', () => {
  const plot = resolve({ mark: 'scatter', x: 'distance', y: ['delay'] });
  expect(plot.domain).toEqual({ x: [0, 100], y: [-50, 200] });
  expect(plot.trimmed).toBe(true);
  expect(fullExtent(plot)).toEqual({ xDomain: ['0', '100'], yDomain: ['-1000', '2000'] });
  expect(
    resolve({ mark: 'scatter', x: 'distance', y: ['delay'], ...fullExtent(plot) }),
  ).toMatchObject({
    domain: { y: [-1000, 2000] },
    trimmed: false,
  });
});

test('a filter on an axis sets that axis, outliers included', () => {
  const filters = [{ op: 'range', column: 'delay', min: '60' }] as const;
  expect(resolve({ mark: 'histogram', x: 'delay', filters }).domain.x).toEqual([60, 200]);
  const wide = [{ op: 'range', column: 'delay', min: '-5000', max: '5000' }] as const;
  expect(resolve({ mark: 'histogram', x: 'delay', filters: wide }).domain.x).toEqual([-1000, 2000]);
});

test('keeps a log axis away from extents that are not positive', () => {
  const plot = resolve({ mark: 'scatter', x: 'distance', y: ['delay'], yScale: 'log' });
  expect(plot.domain.y).toBeUndefined();
  expect(fullExtent(plot).yDomain).toBeUndefined();
});

test('leaves the last bin of whole numbers its place on the axis', () => {
  const months = column('month', { min: 1, max: 12, integer: true });
  const opened = (mark: 'histogram' | 'scatter', of = months) =>
    resolvePlot(
      { dataset: 'd', mark, x: of.name, ...(mark === 'scatter' ? { y: [of.name] } : {}) },
      { columns: [of], rows: 100 },
    ).domain.x;
  expect(opened('histogram')).toEqual([1, 13]);
  expect(opened('scatter')).toEqual([1, 12]);
  expect(opened('histogram', column('height', { min: 1, max: 12, integer: false }))).toEqual([
    1, 12,
  ]);
});
