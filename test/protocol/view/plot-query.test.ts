import { expect, test } from 'vitest';
import { openingQuery } from '../../../protocol/view/plot-query.js';
import { resolvePlot } from '../../../protocol/view/resolve-plot.js';
import { time } from './columns-of.js';
import { query, resolve } from './flights-plot.js';

test('names several columns once, and has each of them aggregated', () => {
  const y = ['delay', 'distance'];
  const op = { aggregate: { op: 'mean' } };
  expect(query({ mark: 'line', y })).toMatchObject({ y, ...op });
  expect(query({ mark: 'bar', x: 'origin', y })).toEqual({ mark: 'bar', x: 'origin', y, ...op });
  expect(query({ mark: 'bar', x: 'origin', y, agg: 'p90' })).toMatchObject({
    aggregate: { op: 'quantile', p: 0.9 },
  });
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

test('bars of times stand in the bins of a calendar, in its order, unless there are few times', () => {
  const sort = [{ column: 'key', order: 'asc' }];
  const bars = { mark: 'bar', x: 'date' } as const;
  expect(query(bars)).toEqual({ mark: 'bar', x: { column: 'date', bin: 'week' }, sort });
  expect(query({ ...bars, bin: 'month', order: 'largest' })).toEqual({
    mark: 'bar',
    x: { column: 'date', bin: 'month' },
  });
  expect(query({ ...bars, bin: 'none' })).toEqual(bars);
  expect(query({ mark: 'bar', x: 'origin', bin: 'month' })).toEqual({ mark: 'bar', x: 'origin' });
  const few = resolvePlot(
    { dataset: 'd', ...bars },
    { columns: [time('date', { distinct: 12 })], rows: 99 },
  );
  expect([few.bin, few.order]).toEqual([undefined, 'largest']);
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

test('a table and a single value ask for no axes', () => {
  expect(query({ mark: 'value' })).toEqual({ mark: 'value' });
  expect(query({ mark: 'rows', x: 'delay' })).toEqual({ mark: 'rows' });
  expect(query({ mark: 'value', of: 'delay', agg: 'max' })).toEqual({
    mark: 'value',
    aggregate: { op: 'max', column: 'delay' },
  });
});

test('a picture opens on the ends of its address, of which bars have none, and lines and histograms no y', () => {
  const domain = (view: Parameters<typeof resolve>[0]) =>
    openingQuery(resolve({ ...view, xDomain: ['0', '9'], yDomain: ['1', '2'] }), 'f', 's').domain;
  expect(domain({ mark: 'scatter', x: 'delay', y: ['distance'] })).toEqual({
    x: [0, 9],
    y: [1, 2],
  });
  expect(domain({ mark: 'histogram', x: 'delay' })).toEqual({ x: [0, 9] });
  expect(domain({ mark: 'line', x: 'delay', y: ['distance'] })).toEqual({ x: [0, 9] });
  expect(domain({ mark: 'bar', x: 'origin' })).toBeUndefined();
});
