import { describe, expect, test } from 'vitest';
import { fullExtent, plotQuery, resolvePlot } from '../../../client/app/plot.js';
import type { View } from '../../../protocol/address.js';
import { column, text, time } from './columns-of.js';

const quantiles = { p001: -50, p01: -30, p10: -10, p50: 0, p90: 40, p99: 120, p999: 200 };
const delay = column('delay', { min: -1000, max: 2000, quantiles });
const columns = [time('date'), delay, column('distance'), text('origin')];
const dataset = { columns, rows: 3_000_000 };
const resolve = (view: Partial<View>): ReturnType<typeof resolvePlot> =>
  resolvePlot({ dataset: 'flights', ...view }, dataset);
const query = (view: Partial<View>): unknown => {
  const { dataset: _, snapshot: __, ...rest } = plotQuery(resolve(view), 'flights', 's1');
  return rest;
};

describe('resolvePlot', () => {
  test('opens a time and a number on the mean per day with its band', () => {
    const plot = resolve({});
    expect([plot.mark, plot.bin, plot.op, plot.band]).toEqual(['line', 'day', 'mean', true]);
    expect(plot.reason).toContain('mean per day');
    expect(plot.domain).toEqual({ x: ['2001-01-01T00:00:00', '2001-03-31T23:59:00'] });
    expect(query({})).toEqual({
      mark: 'line',
      x: { column: 'date', bin: 'day' },
      y: 'delay',
      aggregate: { op: 'mean', column: 'delay' },
    });
  });

  test('has no band beside several lines, another aggregate or the raw line', () => {
    expect(resolve({ y: ['delay', 'distance'] }).band).toBe(false);
    expect(resolve({ color: 'origin' }).band).toBe(false);
    expect(resolve({ agg: 'max' }).band).toBe(false);
    expect(resolve({ band: false }).band).toBe(false);
    expect(resolve({ bin: 'none' })).toMatchObject({ bin: undefined, band: false });
  });

  test('names several columns once, and has each of them aggregated', () => {
    const y = ['delay', 'distance'];
    const op = { aggregate: { op: 'mean' } };
    expect(query({ mark: 'line', y })).toMatchObject({ y, ...op });
    expect(query({ mark: 'bar', x: 'origin', y })).toEqual({ mark: 'bar', x: 'origin', y, ...op });
    expect(query({ mark: 'bar', x: 'origin', y, agg: 'p90' })).toMatchObject({
      aggregate: { op: 'quantile', p: 0.9 },
    });
  });

  test('counts the rows of a heatmap until a column is chosen for its color', () => {
    const view = { mark: 'heatmap', x: 'distance', y: ['delay'] } as const;
    expect(resolve(view).op).toBe('count');
    expect(query(view)).not.toHaveProperty('aggregate');
    expect(resolve({ ...view, of: 'delay' }).op).toBe('mean');
    expect(query({ ...view, of: 'delay', agg: 'max' })).toMatchObject({
      aggregate: { op: 'max', column: 'delay' },
    });
  });

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
    expect(resolve({ mark: 'histogram', x: 'delay', filters: wide }).domain.x).toEqual([
      -1000, 2000,
    ]);
  });

  test('a filter that does not fit is told, and is no filter: neither of the axis nor of the rows', () => {
    const fits = { op: 'range', column: 'delay', max: '100' } as const;
    const filters = [
      { op: 'range', column: 'delay', min: 'zz', max: '60' },
      { op: 'in', column: 'nope', values: ['3'] },
      fits,
    ] as const;
    const plot = resolve({ mark: 'histogram', x: 'delay', filters });
    expect(plot.faults).toHaveLength(2);
    expect(plot.addressFilters).toEqual([fits]);
    expect(plot.filters).toEqual([{ op: 'range', column: 'delay', max: 100 }]);
    expect(plot.domain.x).toEqual([-50, 100]);
  });

  test('bars stand in the order that was chosen', () => {
    expect(query({ mark: 'bar', x: 'origin' })).not.toHaveProperty('sort');
    expect(query({ mark: 'bar', x: 'origin', order: 'smallest' })).toMatchObject({
      sort: [{ column: 'value', order: 'asc' }],
    });
    expect(query({ mark: 'bar', x: 'origin', order: 'name' })).toMatchObject({
      sort: [{ column: 'key', order: 'asc' }],
    });
    expect(query({ mark: 'histogram', x: 'delay', order: 'name' })).not.toHaveProperty('sort');
  });

  test('tells what does not fit, and draws the rest', () => {
    const plot = resolve({
      mark: 'scatter',
      x: 'origin',
      y: ['gone'],
      color: 'nope',
      xDomain: ['9', '1'],
    });
    expect(plot.faults).toHaveLength(4);
    expect(plot.x?.name).toBe('delay');
    expect(plot.domain.x).toEqual([-50, 200]);
  });

  test('a bar without y counts, with y it takes the mean, and a quantile carries its share', () => {
    expect(query({ mark: 'bar', x: 'origin' })).toEqual({ mark: 'bar', x: 'origin' });
    expect(query({ mark: 'bar', x: 'origin', y: ['delay'] })).toMatchObject({
      y: 'delay',
      aggregate: { op: 'mean', column: 'delay' },
    });
    expect(query({ mark: 'bar', x: 'origin', y: ['delay'], agg: 'p90' })).toMatchObject({
      aggregate: { op: 'quantile', p: 0.9, column: 'delay' },
    });
  });

  test('keeps a log axis away from extents that are not positive', () => {
    const plot = resolve({ mark: 'scatter', x: 'distance', y: ['delay'], yScale: 'log' });
    expect(plot.domain.y).toBeUndefined();
    expect(fullExtent(plot).yDomain).toBeUndefined();
  });

  test('a table and a single value ask for no axes', () => {
    expect(query({ mark: 'value' })).toEqual({ mark: 'value' });
    expect(query({ mark: 'rows', x: 'delay' })).toEqual({ mark: 'rows' });
    expect(query({ mark: 'value', of: 'delay', agg: 'max' })).toEqual({
      mark: 'value',
      aggregate: { op: 'max', column: 'delay' },
    });
  });
});
