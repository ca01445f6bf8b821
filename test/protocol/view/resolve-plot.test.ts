import { expect, test } from 'vitest';
import { query, resolve } from './flights-plot.js';

test('opens a time and a number on the mean per day with its band', () => {
  const plot = resolve({});
  expect([plot.mark, plot.bin, plot.op, plot.band]).toEqual(['line', 'day', 'mean', true]);
  expect(plot.reason).toContain('mean per day');
  expect(plot.domain).toEqual({ x: ['2001-01-01T00:00:00', '2001-03-31T23:59:00'] });
  expect(query({})).toEqual({
    mark: 'line',
    x: { column: 'date', bin: 'day' },
    band: [0.1, 0.9],
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

test('counts the rows of a heatmap until a column is chosen for its color', () => {
  const view = { mark: 'heatmap', x: 'distance', y: ['delay'] } as const;
  expect(resolve(view).op).toBe('count');
  expect(query(view)).not.toHaveProperty('aggregate');
  expect(resolve({ ...view, of: 'delay' }).op).toBe('mean');
  expect(query({ ...view, of: 'delay', agg: 'max' })).toMatchObject({
    aggregate: { op: 'max', column: 'delay' },
  });
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

test('a heatmap stands on categories too, which have no log scale', () => {
  const view = {
    mark: 'heatmap',
    x: 'origin',
    y: ['delay'],
    xScale: 'log',
    yScale: 'log',
  } as const;
  const plot = resolve(view);
  expect(plot.faults).toEqual([]);
  expect([plot.x?.name, plot.scale]).toEqual(['origin', { x: 'linear', y: 'log' }]);
  expect(resolve({ ...view, x: 'distance', y: ['origin'] }).scale).toEqual({
    x: 'log',
    y: 'linear',
  });
  expect(resolve({ mark: 'heatmap', x: 'origin', y: ['origin'] }).y[0]?.name).toBe('origin');
});
