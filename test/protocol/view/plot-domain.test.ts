import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { View } from '../../../protocol/address/view.js';
import type { ColumnInfo } from '../../../protocol/column.js';
import { fullExtent, showsAll } from '../../../protocol/view/plot-domain.js';
import { resolvePlot } from '../../../protocol/view/resolve-plot.js';
import { column } from './columns-of.js';
import { resolve } from './flights-plot.js';

test('opens a scatter on the 0.1–99.9 % span where the extent is three times wider', () => {
  const plot = resolve({ mark: 'scatter', x: 'distance', y: ['delay'] });
  expect(plot.domain).toEqual({ x: [-2, 102], y: [-50, 200] });
  expect(plot.trimmed).toBe(true);
  expect(fullExtent(plot)).toEqual({ xDomain: ['-2', '102'], yDomain: ['-1060', '2060'] });
  expect(
    resolve({ mark: 'scatter', x: 'distance', y: ['delay'], ...fullExtent(plot) }),
  ).toMatchObject({
    domain: { y: [-1060, 2060] },
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
  expect(opened('scatter')).toEqual([0.7, 12.3]);
  // As `show all` writes it.
  const all = resolvePlot(
    { dataset: 'd', mark: 'histogram', x: 'month', xDomain: ['1', '12'] },
    { columns: [months], rows: 100 },
  );
  expect(all).toMatchObject({ domain: { x: [1, 13] }, isFullX: true });
  expect(opened('histogram', column('height', { min: 1, max: 12, integer: false }))).toEqual([
    1, 12,
  ]);
});

test('leaves a histogram without an axis where a filter leaves nothing of it', () => {
  const view: View = {
    dataset: 'd',
    mark: 'histogram',
    x: 'month',
    filters: [{ op: 'range', column: 'month', min: '13' }],
  };
  const columns = [column('month', { min: 1, max: 12, integer: true })];
  expect(resolvePlot(view, { columns, rows: 100 }).domain).toEqual({});
});

describe('beyond the extreme rows of a scatter', () => {
  const endsOf = (
    { min, max }: Partial<ColumnInfo>,
    scale: 'linear' | 'log' = 'linear',
  ): readonly unknown[] | undefined => {
    const info = { rows: 9, columns: [column('a', { min: min!, max: max! }), column('b')] };
    const view: View = { dataset: 'd', mark: 'scatter', x: 'a', y: ['b'], xScale: scale };
    return resolvePlot(view, info).domain.x;
  };

  test('a fiftieth of an axis of numbers is free, to a round number', () => {
    expect(endsOf({ min: -5.18, max: 29.93 })).toEqual([-5.9, 30.7]);
    expect(endsOf({ min: 0.1, max: 0.3 })).toEqual([0.096, 0.304]);
    const [low, high] = endsOf({ min: 1, max: 10_000 }, 'log') as [number, number];
    expect(low).toBeCloseTo(10_000 ** -0.02, 9);
    expect(high).toBeCloseTo(10_000 ** 1.02, 6);
  });

  test('however great, small or close they are, the ends are numbers that take no row away', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom('linear', 'log'),
        (one, other, scale) => {
          const [min, max] = [Math.min(one, other), Math.max(one, other)];
          const ends = endsOf({ min, max }, scale);
          if (ends === undefined) return;
          const [low, high] = ends as [number, number];
          expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true);
          if (scale === 'log') expect(low).toBeGreaterThan(0);
          expect(low).toBeLessThanOrEqual(min);
          expect(high).toBeGreaterThanOrEqual(max);
        },
      ),
    );
  });

  test('times, and integers that no double holds, end where the rows do', () => {
    const exact = { min: '9007199254740993', max: '9007199254740999' };
    expect(endsOf(exact)).toEqual([exact.min, exact.max]);
    const plot = resolve({ mark: 'scatter', x: 'date', y: ['distance'] });
    expect(plot.domain.x).toEqual(['2001-01-01T00:00:00', '2001-03-31T23:59:00']);
    expect(plot.domain.y).toEqual([-2, 102]);
  });
});

describe('the categories of a heatmap', () => {
  const view = { mark: 'heatmap', x: 'origin', y: ['distance'] } as const;

  test('are those that a link lists, in its order, and else the choice of the server', () => {
    expect(resolve(view).domain).toEqual({ y: [0, 100] });
    expect(resolve({ ...view, xDomain: ['JFK', 'ATL', 'LAX'] }).domain.x).toEqual([
      'JFK',
      'ATL',
      'LAX',
    ]);
    const turned = { mark: 'heatmap', x: 'distance', y: ['origin'], yDomain: ['JFK'] } as const;
    expect(resolve(turned).domain.y).toEqual(['JFK']);
    const flags = [column('late', { kind: 'boolean', type: 'BOOLEAN', min: false, max: true })];
    const resolved = (xDomain: string[]) =>
      resolvePlot(
        { dataset: 'd', mark: 'heatmap', x: 'late', y: ['late'], xDomain },
        { columns: flags, rows: 9 },
      );
    expect(resolved(['true', 'false']).domain.x).toEqual([true, false]);
    expect(resolved(['maybe'])).toMatchObject({
      domain: {},
      faults: ['xr: “maybe” are no values of late'],
    });
  });

  test('are all that is outside where the other axis is whole', () => {
    const isWhole = (words: Partial<View>): boolean =>
      showsAll(resolve(words), { dataset: 'd', ...words });
    expect(isWhole(view)).toBe(true);
    expect(isWhole({ ...view, yDomain: ['10', '20'] })).toBe(false);
    expect(isWhole({ ...view, y: ['delay'] })).toBe(false);
    expect(isWhole({ mark: 'heatmap', x: 'origin', y: ['origin'] })).toBe(true);
    // Rows beyond a filter do not match: nothing that does is cut.
    const filters: View['filters'] = [{ op: 'range', column: 'distance', min: '10', max: '20' }];
    expect(isWhole({ ...view, filters })).toBe(true);
    expect(isWhole({ ...view, filters, yDomain: ['12', '20'] })).toBe(false);
  });
});
